import type { AppTraffic } from '../../metrics/traffic.ts'

/**
 * What the agent tells the router and asks of it. The router is another process; the agent holds a
 * `RouterControl`, and whatever is behind it survives the restarts of either side.
 */

/** Everything the router routes by. The newest table wins. */
export interface RoutingTable {
  /** Grows with each table that the agent makes. */
  readonly revision: number
  readonly apps: readonly RoutedApp[]
}

/** What makes one table of another. Only whoever has exactly the table `base` may apply it. */
export interface RoutingChange {
  readonly base: number
  readonly revision: number
  /** New or changed. */
  readonly apps: readonly RoutedApp[]
  /** Ids of apps that are gone. */
  readonly removed: readonly string[]
}

export interface RoutedApp {
  readonly id: string
  readonly name: string
  /** Host names, in any case, without a port; `*.example.com` is for all below it that are nobody’s by themselves. */
  readonly hostnames: readonly string[]
  /** Answer every request with the maintenance page (H80), whatever the state. */
  readonly maintenance: boolean
  readonly state: RoutedAppState
  /** Its web dynos were stopped because nobody asked for them: the router says so when somebody does. False if absent. */
  readonly isAsleep?: boolean
  /** False: a connection of its own for each request to a dyno, for servers that close kept ones at bad moments. True if absent. */
  readonly keepAliveToDynos?: boolean
  /** True: `Expect: 100-continue` is the dyno's to answer. False if absent: the router answers it. */
  readonly endToEndContinue?: boolean
  /** True: by a cookie a client comes back to the dyno that it had, as long as that one is there. False if absent. */
  readonly sessionAffinity?: boolean
  /** HTML that replaces the router's own page for errors of this app, and for maintenance. */
  readonly errorPage?: string
  readonly maintenancePage?: string
  /** What its host names have of https; a name that no certificate covers has none. None if absent. */
  readonly certificates?: readonly RoutedCertificate[]
  /** True: who asks over http for a name that has https is sent there. False if absent. */
  readonly httpsOnly?: boolean
  /** For how many seconds browsers are told to use nothing but https (HSTS). They are told nothing if absent. */
  readonly hstsSeconds?: number
  /** What an authority asks to see before it issues a certificate (ACME). None if absent. */
  readonly challenges?: readonly RoutedChallenge[]
  /** The web dynos that listen. Those that are starting or crashed are not listed. */
  readonly dynos: readonly RoutedDyno[]
}

export interface RoutedCertificate {
  /** Lower case, and as the certificate has them: `www.example.com`, `*.example.com`. */
  readonly hostnames: readonly string[]
  /** The leaf and what leads to its root, PEM. */
  readonly certificate: string
  /** The leaf's, PEM. Never logged. */
  readonly key: string
}

export type RoutedChallenge =
  /** Answered at `/.well-known/acme-challenge/<token>`, whatever the state of the app (RFC 8555, 8.3). */
  | { readonly kind: 'http-01'; readonly token: string; readonly answer: string }
  /** Shown to whoever wants to speak nothing but `acme-tls/1` (RFC 8737). */
  | { readonly kind: 'tls-alpn-01'; readonly hostname: string; readonly certificate: string; readonly key: string }

/**
 * - `blank`: nothing was released yet (H81)
 * - `stopped`: no web process is scaled up (H14)
 * - `starting`: web dynos are on their way and none listens yet: requests are held up to 75 s, then H20
 * - `crashed`: every web dyno has crashed (H10)
 * - `up`: requests go to `dynos`; while that list is empty this is the same as `starting`
 */
export type RoutedAppState = 'blank' | 'stopped' | 'starting' | 'crashed' | 'up'

export interface RoutedDyno {
  /** Unique for ever. During a deploy the old and the new `web.1` are both alive: the name doesn't tell them apart. */
  readonly id: string
  /** `web.1`, as it appears in log lines. */
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface RouterControl {
  /**
   * Resolves once every new request is routed by `table` (and the table is on disk). While the router is away it keeps trying;
   * after a while it rejects, yet the newest table is still delivered as soon as the router is back. Apps that are the same
   * objects as in the table before are not sent again.
   */
  apply(table: RoutingTable): Promise<void>

  /**
   * Waits until no request is in flight on these dynos: true, or false when `deadlineMs` passed first. Take the dynos out of
   * the table before. Tunnels (websockets) are not waited for: they would hold up every deploy, and end with their dyno.
   */
  drained(dynoIds: readonly string[], deadlineMs: number): Promise<boolean>

  /** Every log line of the router from now on, in order. Returns the function that unsubscribes. */
  onLog(listener: (entry: RouterLogEntry) => void): () => void

  status(): Promise<RouterStatus>

  /**
   * What was counted of each app since it was last taken, by whomever; apps without requests are left out. Rejects when the router
   * is away, or is one of before that does not count.
   */
  takeTraffic(): Promise<AppTraffic[]>

  /**
   * Ids of the apps asleep that requests wait for: at once when there are any, else when there are, else, after a while, none.
   * As long as nobody asks, the router knows that there is nobody to wake an app.
   */
  wanted(signal: AbortSignal): Promise<readonly string[]>

  close(): Promise<void>
}

export type RouterLogEntry =
  /** `line` is what follows `heroku[router]: ` in Heroku's format. */
  | { readonly kind: 'line'; readonly appId: string; readonly timeMs: number; readonly line: string }
  /** Nobody read for too long: so many lines of this app were dropped before `timeMs`. */
  | { readonly kind: 'dropped'; readonly appId: string; readonly timeMs: number; readonly count: number }

export interface RouterStatus {
  readonly version: string
  /** The beginning of its program's digest; an older router does not tell. */
  readonly digest?: string
  readonly pid: number
  /** Of all its processes: on a busy machine one for each core. */
  readonly pids: readonly number[]
  /** The part of the last seconds in which they had something to do, of each at most 1. */
  readonly busy: number
  readonly startedAtMs: number
  /** Revision of the table in use; 0 when there was none yet. */
  readonly revision: number
  readonly residentBytes: number
  /** Open connections of clients, idle ones included. */
  readonly connections: number
  /** Requests since the router started, those for unknown hosts included. */
  readonly requests: number
  /** It can tell who is wanted; an older router does not say. */
  readonly canWake?: boolean
  readonly apps: readonly RoutedAppStatus[]
}

export interface RoutedAppStatus {
  readonly id: string
  readonly requests: number
  readonly inFlight: number
  /** Requests that wait for a dyno to come up. */
  readonly held: number
  readonly tunnels: number
  /** When the app was last asked for something; null if not since the router started. */
  readonly lastRequestAtMs: number | null
  /** The dynos of the table, and those that left it but still have requests in flight. */
  readonly dynos: readonly RoutedDynoStatus[]
}

export interface RoutedDynoStatus {
  readonly id: string
  readonly name: string
  readonly requests: number
  readonly inFlight: number
  readonly tunnels: number
  /** Requests that it began to answer; an older router does not count them. */
  readonly answered?: number
  /** Requests of which it did not begin to answer in time (H12). */
  readonly unanswered?: number
}
