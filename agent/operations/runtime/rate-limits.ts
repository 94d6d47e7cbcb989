import { HearthError } from '../../contract/errors.ts'
import type { Clock } from '../../core/ports/clock.ts'
import { type Bucket, type BucketLimits, refill } from '../../core/token-bucket.ts'

/** So many seconds' worth may come at once. */
const burstSeconds = 60
/** More keys than that are not remembered one by one at once: full buckets are as good as none. */
const sweepAbove = 1000

/**
 * How many requests each key may still make: a script in a loop must not starve everybody else of the one agent. Far
 * more generous than Heroku's 4,500 an hour, since whoever holds a key here is no stranger.
 */
export class RateLimits {
  readonly #clock: Clock
  readonly #limits: BucketLimits
  /** By the actor's id. */
  readonly #buckets = new Map<string, Bucket>()

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock
    this.#limits = { perSecond, capacity: perSecond * burstSeconds }
  }

  /** Counts requests and returns how many are left; throws `rate_limit` when there were not enough. */
  take(actorId: string, requests: number): number {
    const bucket = this.#bucket(actorId)
    if (bucket.tokens < requests) {
      const { capacity, perSecond } = this.#limits
      throw new HearthError(
        'rate_limit',
        `Your key has made more than ${capacity} requests in a short time. Wait a moment: ${perSecond} more become possible each second.`,
      )
    }
    this.#buckets.set(actorId, { ...bucket, tokens: bucket.tokens - requests })
    if (this.#buckets.size > sweepAbove) this.#forgetFull()
    return this.remaining(actorId)
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#buckets.size
  }

  remaining(actorId: string): number {
    return Math.floor(this.#bucket(actorId).tokens)
  }

  #bucket(actorId: string): Bucket {
    const now = this.#clock.now()
    const known = this.#buckets.get(actorId)
    return known ? refill(known, now, this.#limits) : { tokens: this.#limits.capacity, atMs: now }
  }

  #forgetFull(): void {
    for (const actorId of this.#buckets.keys()) {
      if (this.#bucket(actorId).tokens >= this.#limits.capacity) this.#buckets.delete(actorId)
    }
  }
}
