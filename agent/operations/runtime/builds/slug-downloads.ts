import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../core/ports/clock.ts'

const lifetimeMs = 15 * 60_000
/** A list of slugs asks for one each; the oldest make room. */
const maximumOpen = 1_000

/** Slug archives that somebody was given a URL for: the secret in it is the permission, for a while. */
export class SlugDownloads {
  readonly #clock: Clock
  readonly #offers = new Map<string, { readonly checksum: string; readonly expiresAtMs: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  offer(checksum: string): string {
    for (const [secret, { expiresAtMs }] of this.#offers) {
      if (expiresAtMs > this.#clock.uptime() && this.#offers.size < maximumOpen) break
      this.#offers.delete(secret)
    }
    const secret = randomBytes(24).toString('base64url')
    this.#offers.set(secret, { checksum, expiresAtMs: this.#clock.uptime() + lifetimeMs })
    return secret
  }

  /** The slug's checksum, or null when the secret is unknown or has expired. */
  find(secret: string): string | null {
    const offer = this.#offers.get(secret)
    return offer && offer.expiresAtMs > this.#clock.uptime() ? offer.checksum : null
  }
}
