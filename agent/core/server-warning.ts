import type { MachineFigures } from './ports/machine.ts'

/** Free space below so many reserves is worth a word before builds are refused. */
const warnedReserves = 2

/** One line of plain ASCII, as it travels in a header; null when there is nothing to warn of. */
export function describeWarning(
  server: string,
  figures: MachineFigures,
  expiring: readonly string[] = [],
): string | null {
  const sentences = [
    ...(figures.disk.problem === null
      ? []
      : [`The disk ${figures.disk.problem}: nothing can be changed, and what runs is served on.`]),
    ...listWarnings(figures, expiring),
  ]
  const name = server.replace(/[^\x20-\x7e]/g, '?')
  return sentences.length === 0 ? null : `Server ${name}: ${sentences.join(' ')}`
}

/** What wants looking at before it is trouble, beside a disk that fails; a sentence each. */
export function listWarnings({ disk, needsReboot }: MachineFigures, expiring: readonly string[]): string[] {
  return [
    ...(disk.freeBytes < disk.reserveBytes * warnedReserves ? [describeDisk(disk)] : []),
    ...(expiring.length > 0 ? [describeExpiring(expiring)] : []),
    ...(needsReboot ? ['It needs a reboot to finish an update.'] : []),
  ]
}

function describeDisk({ freeBytes, totalBytes, reserveBytes }: MachineFigures['disk']): string {
  const used = Math.round((1 - freeBytes / totalBytes) * 100)
  const state = `The disk is ${used} % full, ${formatGigabytes(freeBytes)} are free.`
  return freeBytes < reserveBytes
    ? `${state} Builds are refused until there is room.`
    : `${state} Builds are refused below ${formatGigabytes(reserveBytes)}.`
}

function describeExpiring(hostnames: readonly string[]): string {
  const [first, ...others] = hostnames
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return `The certificate of ${first}${more} expires soon.`
}

function formatGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
