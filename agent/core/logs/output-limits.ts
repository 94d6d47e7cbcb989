import type { BucketLimits } from '../token-bucket.ts'

/**
 * What one dyno's output may take, so that a flood of it costs its neighbours nothing that they feel. Bytes; `lineBytes` is what a
 * line costs beside its own, so that a million empty ones are no bargain.
 */
export const outputLimits = {
  /** 50,000 lines of 100 bytes a second without end, and beside that half a million in a row: a start, a dump, a batch's end. */
  kept: { perSecond: 10_000_000, capacity: 100_000_000 },
  lineBytes: 100,
  /** The same for all dynos of one app together: ten of them that flood cost the neighbours no more than two. */
  keptOfApp: { perSecond: 20_000_000, capacity: 200_000_000 },
  /**
   * Who writes more than this is made to wait, some milliseconds at a time; below it what is too much is dropped at once. More than is
   * kept of the longest lines: to read faster what is thrown away would be all cost.
   */
  read: { perSecond: 12_000_000, capacity: 64_000_000 },
  /** How long is dropped in one go: a line says how much it was, and too many of them would be a flood of their own. */
  dropMs: 1_000,
} as const satisfies Record<'kept' | 'keptOfApp' | 'read', BucketLimits> & Record<'lineBytes' | 'dropMs', number>

/** What a build prints beyond what is kept is read for its complaints only: who floods is made to wait. */
export const buildOutputPace = { perSecond: 4_000_000, capacity: 16_000_000 } as const satisfies BucketLimits
