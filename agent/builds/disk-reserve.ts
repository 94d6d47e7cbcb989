import { statfs } from 'node:fs/promises'
import { HearthError } from '../contract/errors.ts'

/** What must stay free so that the agent's state, logs and running apps can go on writing. */
export const defaultDiskReserveBytes = 512 * 1024 * 1024

export async function measureFreeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}

/** Of the number of files that a disk takes at all, where its file system fixes that. */
const fileReserve = 0.05

/** What a disk runs short of; null while it has more than the reserve of both. */
export async function findShortage(directory: string, reserveBytes: number): Promise<'disk' | 'files' | null> {
  const { bavail, bsize, files, ffree } = await statfs(directory)
  if (bavail * bsize < reserveBytes) return 'disk'
  // Btrfs and its like make room for files as they come, and say that they have none.
  return files > 0 && ffree < files * fileReserve ? 'files' : null
}

/** Throws `disk_full` when writing that much would cross the reserve. */
export async function requireFreeBytes(directory: string, neededBytes: number, reserveBytes: number): Promise<void> {
  refuseToCross(await measureFreeBytes(directory), neededBytes, reserveBytes)
}

/** The same for a server's state, with the reserve that its operator may have set. */
export function keepReserve(config: {
  readonly stateDirectory: string
  readonly buildLimits: { readonly diskReserveBytes?: number }
}): (neededBytes: number) => Promise<void> {
  const reserveBytes = config.buildLimits.diskReserveBytes ?? defaultDiskReserveBytes
  return (neededBytes) => requireFreeBytes(config.stateDirectory, neededBytes, reserveBytes)
}

export function refuseToCross(free: number, neededBytes: number, reserveBytes: number): void {
  if (free - neededBytes >= reserveBytes) return
  throw new HearthError(
    'disk_full',
    `The server's disk is too full: ${formatMegabytes(neededBytes)} more would leave less than the reserve of ` +
      `${formatMegabytes(reserveBytes)} (free now: ${formatMegabytes(free)}). Remove old apps or files on the server, or give it a larger disk.`,
  )
}

/** What a write that the disk did not take becomes; every other error stays as it is. */
export function explainFullDisk(error: unknown, during: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error
  const message = `The server's disk became full during ${during}. Nothing that was there is lost: free some space, then try again.`
  return new HearthError('disk_full', message, { cause: error })
}

/** `9 KB`, `2.5 MB`, `191 MB`. */
export function formatMegabytes(bytes: number): string {
  const megabytes = bytes / 1024 / 1024
  if (megabytes < 0.1) return `${Math.ceil(bytes / 1024)} KB`
  return `${megabytes.toFixed(megabytes < 10 ? 1 : 0)} MB`
}
