/** Times and bounds that a test shortens; the defaults are Heroku's where it has one. */
export interface PlatformSettings {
  /** A web dyno must listen within (R10). */
  readonly bootTimeoutMs: number
  /** A dyno that does not listen counts as up when it lives this long. */
  readonly settleMs: number
  /** Requests in flight get this long before their dyno is stopped. */
  readonly drainMs: number
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceMs: number
  /** A release phase may take this long. */
  readonly releasePhaseMs: number
  /** A dyno that was up this long starts its back-off anew. */
  readonly stableMs: number
  /** A one-off dyno whose terminal nobody opens is forgotten after. */
  readonly attachMs: number
  /** Who runs something waits for a release that is on its way until it is this old; a client gives up after a minute. */
  readonly releaseWaitMs: number
  /** Who wants to run something inside a dyno waits for it to come up, but not longer than this. */
  readonly insideWaitMs: number
  readonly concurrentBuilds: number
  /** Succeeded releases of an app that can be rolled back to: their slugs and layers are kept. */
  readonly keptReleases: number
  /** A slug that was put here is kept for so long without a release. */
  readonly unreleasedMs: number
  /** What one key may ask of the API on average; a minute's worth may come at once. */
  readonly requestsPerSecond: number
  /** Dynos that start at once, when nobody waits for them. */
  readonly startsPerCore: number
  /** A dyno that starts with others holds up those after it until it is up, but not longer than this. */
  readonly startSlotMs: number
}

const second = 1000
const minute = 60 * second

export const defaultSettings: PlatformSettings = {
  bootTimeoutMs: minute,
  settleMs: 1 * second,
  drainMs: 30 * second,
  stopGraceMs: 30 * second,
  releasePhaseMs: 60 * minute,
  stableMs: 2 * minute,
  attachMs: minute,
  releaseWaitMs: 40 * second,
  insideWaitMs: 40 * second,
  concurrentBuilds: 1,
  keptReleases: 20,
  unreleasedMs: 24 * 60 * minute,
  requestsPerSecond: 100,
  startsPerCore: 2,
  startSlotMs: 10 * second,
}
