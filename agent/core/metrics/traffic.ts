import { bucketCount, bucketOf } from './histogram.ts'

/** Statuses by their first digit, `1xx` first. */
export const statusClasses = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const

/** The requests of some time, without their order. */
export interface Traffic {
  /** Requests by class of status. A websocket is a 1xx, and counted when it ends. */
  readonly statuses: readonly number[]
  /** Response times by bucket (`histogram.ts`); those of websockets, which are lives, are left out. */
  readonly times: readonly number[]
}

export interface AppTraffic extends Traffic {
  readonly appId: string
}

export const noTraffic: Traffic = { statuses: zeros(statusClasses.length), times: zeros(bucketCount) }

export function addTraffic(all: readonly Traffic[]): Traffic {
  return {
    statuses: noTraffic.statuses.map((_, index) => sum(all, ({ statuses }) => statuses[index])),
    times: noTraffic.times.map((_, index) => sum(all, ({ times }) => times[index])),
  }
}

/** As the router tells it. It faces the world: what is no count counts as none, and whose it is must be looked up. */
export function parseTraffic(value: unknown): AppTraffic[] {
  const apps = (value as { apps?: unknown } | null)?.apps
  if (!Array.isArray(apps)) throw new TypeError('The router told no traffic.')
  return apps.map(({ appId, statuses, times }) => ({
    appId: String(appId),
    statuses: noTraffic.statuses.map((_, index) => asCount(statuses?.[index])),
    times: noTraffic.times.map((_, index) => asCount(times?.[index])),
  }))
}

/** Counts requests in place: in the router this is done for each of them. */
export class TrafficCounter {
  #statuses = zeros(statusClasses.length)
  #times = zeros(bucketCount)
  #isEmpty = true

  /** `status` null: nothing was answered, which is no class. */
  count(status: number | null, milliseconds: number): void {
    if (status === null) return
    this.#isEmpty = false
    const index = Math.trunc(status / 100) - 1
    if (index >= 0 && index < statusClasses.length) this.#statuses[index] = (this.#statuses[index] ?? 0) + 1
    if (index === 0) return
    const bucket = bucketOf(milliseconds)
    this.#times[bucket] = (this.#times[bucket] ?? 0) + 1
  }

  /** What was counted since the last time, or null when it was nothing; the count begins anew. */
  take(): Traffic | null {
    if (this.#isEmpty) return null
    const taken = { statuses: this.#statuses, times: this.#times }
    this.#statuses = zeros(statusClasses.length)
    this.#times = zeros(bucketCount)
    this.#isEmpty = true
    return taken
  }
}

function asCount(value: unknown): number {
  return Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : 0
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0)
}

function sum(all: readonly Traffic[], of: (traffic: Traffic) => number | undefined): number {
  return all.reduce((total, traffic) => total + (of(traffic) ?? 0), 0)
}
