import type { DynoLimits, DynoUsage } from '../ports/dynos/dyno-runner.ts'

const mebibyte = 1024 * 1024

/** `exceeded`: more than its size grants (R14). `vastly-exceeded`: so much that it is to be ended (R15). */
export type MemoryVerdict = 'within' | 'exceeded' | 'vastly-exceeded'

/**
 * A kernel that keeps the limit itself ends the whole dyno; where it only ended one of its processes (cgroup version 1), or
 * keeps no limit at all (this computer), the rest is ended here.
 */
export function judgeMemory(
  { memoryBytes, oomKills }: Pick<DynoUsage, 'memoryBytes' | 'oomKills'>,
  limits: Pick<DynoLimits, 'memoryBytes' | 'memoryMaximumBytes'>,
): MemoryVerdict {
  if (oomKills > 0 || memoryBytes >= limits.memoryMaximumBytes) return 'vastly-exceeded'
  return memoryBytes > limits.memoryBytes ? 'exceeded' : 'within'
}

/** Why a dyno is up and not well, as its reason. */
export function describeExceeded(usedBytes: number, grantedBytes: number): string {
  const [used, granted] = [usedBytes, grantedBytes].map((bytes) => Math.floor(bytes / mebibyte))
  return `uses ${used} MB of memory, more than the ${granted} MB of its size (R14)`
}
