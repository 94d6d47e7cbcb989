import type { DynoDisk } from '../ports/dynos/dyno-runner.ts'

const mebibyte = 1024 * 1024
/** A write may want more than the last block that is left. */
const fullShare = 0.99

export function isDiskFull({ usedBytes, totalBytes, freeFiles }: DynoDisk): boolean {
  return usedBytes >= totalBytes * fullShare || freeFiles === 0
}

/** Why a dyno is up and not well, as its reason; and of one that has ended, what may be the reason for that. */
export function describeFullDisk(disk: DynoDisk): string {
  const [used, total] = [disk.usedBytes, disk.totalBytes].map((bytes) => Math.round(bytes / mebibyte))
  return disk.freeFiles === 0
    ? 'has as many files as its disk takes'
    : `has used ${used} MB of the ${total} MB of its disk`
}
