import { HearthError } from '../contract/errors.ts'

/** Times and bounds that an operator or a test changes; the defaults are Heroku's where it has one. */
export interface PlatformSettings {
  /** A web dyno must listen within (R10). */
  readonly bootTimeoutMs: number
  /** The same for one that runs in a Java virtual machine. */
  readonly jvmBootTimeoutMs: number
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
  /** How often dynos' memory is looked at (R14). */
  readonly memorySampleMs: number
  /** How often its size's memory a dyno may use before it is ended (R15). */
  readonly memoryMultiple: number
  /** How old a dyno becomes before a new one takes its place; `cycleSpreadMs` is what chance adds at most. */
  readonly cycleMs: number
  readonly cycleSpreadMs: number
  /** How often is looked for dynos that are so old. */
  readonly cycleLookMs: number
  /** A dyno whose replacement did not come up is left alone for so long. */
  readonly cycleRetryMs: number
  /** A web dyno hangs that answered nothing for so long, while at least so many requests waited in vain (H12). */
  readonly hangMs: number
  readonly hangRequests: number
  /** How often is looked for dynos that hang. */
  readonly hangLookMs: number
  /** How often is looked for apps that nobody asked for. */
  readonly sleepLookMs: number
  /** How often is looked for certificates to get or renew. */
  readonly certificateLookMs: number
  /** How often the disk is tried. */
  readonly diskLookMs: number
  readonly concurrentBuilds: number
  /** Succeeded releases of an app that can be rolled back to: their slugs and layers are kept. */
  readonly keptReleases: number
  /** A slug that was put here is kept for so long without a release. */
  readonly unreleasedMs: number
  /** What one key may ask of the API on average; a minute's worth may come at once. */
  readonly requestsPerSecond: number
  /** Dynos of the formations that start at once. */
  readonly startsPerCore: number
  /** A dyno that starts holds up those after it until it is up; one that computes next to nothing for so long lets them pass. */
  readonly startSlotMs: number
}

const second = 1000
const minute = 60 * second

export const defaultSettings: PlatformSettings = {
  bootTimeoutMs: minute,
  jvmBootTimeoutMs: 90 * second,
  settleMs: 1 * second,
  drainMs: 30 * second,
  stopGraceMs: 30 * second,
  releasePhaseMs: 60 * minute,
  stableMs: 2 * minute,
  attachMs: minute,
  releaseWaitMs: 40 * second,
  insideWaitMs: 40 * second,
  memorySampleMs: 20 * second,
  memoryMultiple: 2,
  cycleMs: 24 * 60 * minute,
  cycleSpreadMs: 216 * minute,
  cycleLookMs: minute,
  cycleRetryMs: 60 * minute,
  hangMs: 2 * minute,
  hangRequests: 5,
  hangLookMs: 20 * second,
  sleepLookMs: 5 * second,
  certificateLookMs: minute,
  diskLookMs: minute,
  concurrentBuilds: 1,
  keptReleases: 20,
  unreleasedMs: 24 * 60 * minute,
  requestsPerSecond: 100,
  startsPerCore: 2,
  startSlotMs: 10 * second,
}

/**
 * Reads `stopGraceMs=10000 concurrentBuilds=2`, the names being those above. Throws `bad_request` for a name that is none
 * of them and for what is no number above 0.
 */
export function parseSettings(text: string): Partial<PlatformSettings> {
  const entries = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry): [string, number] => {
      const [, name = '', figure] = /^(\w+)=([\d.]+)$/.exec(entry) ?? []
      if (Object.hasOwn(defaultSettings, name) && Number(figure) > 0) return [name, Number(figure)]
      throw new HearthError('bad_request', `HEARTH_SETTINGS has names of settings with numbers above 0, not ${entry}.`)
    })
  return Object.fromEntries(entries)
}
