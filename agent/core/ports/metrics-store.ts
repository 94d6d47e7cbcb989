import type { Sample } from '../metrics/sample.ts'
import type { Tier } from '../metrics/tier.ts'

/** Whose figures: an app's id, or null for the server's. */
export type SeriesOwner = string | null

export interface StoredSample {
  readonly step: number
  readonly sample: Sample
}

/**
 * Figures over time, in a file of their own: losing it loses no state. Every method is synchronous. A process that is killed
 * loses nothing that was put, a machine that loses power the last half minute at most.
 */
export interface MetricsStore {
  /** All or nothing. */
  transaction(change: () => void): void
  /** One step of everybody; what was in that place of the ring goes. */
  put(tier: Tier, step: number, samples: ReadonlyMap<SeriesOwner, Sample>): void
  /** Both steps included, oldest first. At most a ring's length apart. */
  read(tier: Tier, owner: SeriesOwner, steps: { from: number; to: number }): StoredSample[]
  /** Everybody of whom anything was ever put. */
  owners(): SeriesOwner[]
  /** The newest step of the server's series that is not after this one. */
  newestStep(tier: Tier, atMost: number): number | null
  destroyApp(appId: string): void
  close(): void
}
