/**
 * Response times in a fixed number of buckets, each about a fifth wider than the one before: two of them add up, a percentile
 * is at most a fifth off, and none ever needs more room. Bucket 0 is below a millisecond, the last one open: from 46 s on.
 */
export const bucketCount = 64
const bucketsPerOctave = 4

export function bucketOf(milliseconds: number): number {
  if (!(milliseconds >= 1)) return 0
  return Math.min(1 + Math.floor(Math.log2(milliseconds) * bucketsPerOctave), bucketCount - 1)
}

/** Where a bucket begins, in milliseconds; it ends where the next one begins. */
export function bucketStart(bucket: number): number {
  return bucket === 0 ? 0 : 2 ** ((bucket - 1) / bucketsPerOctave)
}

/** In milliseconds: the time within which this part (0 to 1) of them was answered. Null when there is none. */
export function percentile(buckets: readonly number[], part: number): number | null {
  const total = buckets.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const rank = part * total
  let before = 0
  for (const [bucket, count] of buckets.entries()) {
    if (count > 0 && before + count >= rank) return within(bucket, Math.max(0, rank - before) / count)
    before += count
  }
  return bucketStart(bucketCount - 1)
}

/** Within a bucket times are taken to be spread evenly. */
function within(bucket: number, part: number): number {
  const [start, end] = [bucketStart(bucket), bucketStart(bucket + 1)]
  return start + (end - start) * part
}
