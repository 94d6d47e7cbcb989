export interface BucketLimits {
  /** What may come at once. */
  readonly capacity: number
  readonly perSecond: number
}

export interface Bucket {
  readonly tokens: number
  readonly atMs: number
}

/** The bucket as it is at that moment: filled again at its pace, up to its capacity. */
export function refill({ tokens, atMs }: Bucket, nowMs: number, { capacity, perSecond }: BucketLimits): Bucket {
  const won = (Math.max(0, nowMs - atMs) / 1000) * perSecond
  return { tokens: Math.min(capacity, tokens + won), atMs: nowMs }
}
