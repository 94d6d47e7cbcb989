import { isWildcard } from '../../core/domains/certificate-names.ts'
import { type AppTraffic, TrafficCounter } from '../../core/metrics/traffic.ts'
import type {
  RoutedApp,
  RoutedAppStatus,
  RoutedDyno,
  RoutingChange,
  RoutingTable,
} from '../../core/ports/routing/router-control.ts'
import { normalizeHostname } from '../../core/routing/route-request.ts'
import type { DynoFeatures } from '../exchange/transfer.ts'
import type { UpstreamConnection } from './upstream-connection.ts'
import { WantedApps } from './wanted-apps.ts'

/** A dyno as the router sees it: where it is, and what is going on there. Lives as long as anything uses it. */
export interface DynoRoute {
  readonly dyno: RoutedDyno
  readonly appId: string
  /** Connections that wait for a request, the last used at the end. */
  readonly idle: UpstreamConnection[]
  requests: number
  inFlight: number
  tunnels: number
  /** Requests that it began to answer, and those of which it did not in time (H12). */
  answered: number
  unanswered: number
  /** It refused a connection: nothing is sent there until then (on the clock of `performance.now`). */
  quarantinedUntil: number
  /** It left the table. */
  isGone: boolean
}

export interface AppRoute {
  app: RoutedApp
  dynos: DynoRoute[]
  /** Requests that wait for the app to become able to take them. */
  readonly held: Set<HeldRequest>
  requests: number
  inFlight: number
  /** Requests that wait, for a dyno or for its answer. */
  backlog: number
  tunnels: number
  lastRequestAtMs: number | null
  /** Of requests that are over. */
  readonly traffic: TrafficCounter
  features: DynoFeatures
  pages: CustomPages
}

/** HTML of the app's own, one byte a character. */
export interface CustomPages {
  readonly error: string | null
  readonly maintenance: string | null
}

export interface HeldRequest {
  /** Look again at what the app can do for it. */
  dispatch(): void
}

/** The routing table in use, with what is counted per app and dyno. */
export class Routes {
  revision = 0
  readonly wanted = new WantedApps(() => this.apps.values())
  private readonly apps = new Map<string, AppRoute>()
  /** By name; wildcards by what is below them, as `.example.com`. */
  private hostnames = new Map<string, AppRoute>()
  /** Two apps claim one host name: then only the order of all of them says whose it is. */
  private isContested = false
  /** Dynos that left the table and are still in use. */
  private readonly leaving = new Set<DynoRoute>()
  private readonly drains = new Set<() => void>()

  /** Whose name it is, or whose wildcard is the closest above it: `*.example.com` is for `a.b.example.com` too, as in the DNS (RFC 4592). */
  find(hostname: string): AppRoute | undefined {
    let found = this.hostnames.get(hostname)
    for (let dot = hostname.indexOf('.'); !found && dot >= 0; dot = hostname.indexOf('.', dot + 1)) {
      found = this.hostnames.get(hostname.slice(dot))
    }
    return found
  }

  /** From the return on, every new request is routed by this table. */
  apply(table: RoutingTable): void {
    const named = new Set(table.apps.map(({ id }) => id))
    const removed = [...this.apps.keys()].filter((id) => !named.has(id))
    this.change({ base: this.revision, revision: table.revision, apps: table.apps, removed })
  }

  /** The same for what changed since the table in use. */
  change({ revision, apps, removed }: RoutingChange): void {
    const before = [...removed, ...apps.map(({ id }) => id)].flatMap((id) => this.apps.get(id) ?? [])
    for (const id of removed) this.removeApp(id)
    for (const app of apps) this.takeApp(app)
    if (this.isContested) this.indexAll()
    this.revision = revision
    for (const route of before) for (const request of [...route.held]) request.dispatch()
  }

  /** The whole table as it is, for the file of it. */
  *routedApps(): Iterable<RoutedApp> {
    for (const { app } of this.apps.values()) yield app
  }

  beginRequest(dyno: DynoRoute): void {
    dyno.requests++
    dyno.inFlight++
  }

  endRequest(dyno: DynoRoute): void {
    dyno.inFlight--
    if (dyno.inFlight > 0) return
    this.forgetIfUnused(dyno)
    for (const check of this.drains) check()
  }

  beginTunnel(app: AppRoute, dyno: DynoRoute): void {
    app.tunnels++
    dyno.tunnels++
  }

  endTunnel(app: AppRoute, dyno: DynoRoute): void {
    app.tunnels--
    dyno.tunnels--
    this.forgetIfUnused(dyno)
  }

  /** Resolves with true when no request is in flight on these dynos, with false at the deadline. */
  drained(dynoIds: readonly string[], deadlineMs: number): Promise<boolean> {
    const ids = new Set(dynoIds)
    return new Promise((resolve) => {
      const finish = (isDrained: boolean) => {
        clearTimeout(timer)
        this.drains.delete(check)
        resolve(isDrained)
      }
      const timer = setTimeout(finish, deadlineMs, false)
      const check = () => {
        if (!this.isBusy(ids)) finish(true)
      }
      this.drains.add(check)
      check()
    })
  }

  status(): RoutedAppStatus[] {
    return [...this.apps.values()].map((route) => ({
      id: route.app.id,
      requests: route.requests,
      inFlight: route.inFlight,
      held: route.held.size,
      tunnels: route.tunnels,
      lastRequestAtMs: route.lastRequestAtMs,
      dynos: this.dynosOf(route).map(({ dyno, requests, inFlight, tunnels, answered, unanswered }) => ({
        id: dyno.id,
        name: dyno.name,
        requests,
        inFlight,
        tunnels,
        answered,
        unanswered,
      })),
    }))
  }

  /** What was counted since the last time, of apps that had any. */
  takeTraffic(): AppTraffic[] {
    return [...this.apps.values()].flatMap(({ app, traffic }) => {
      const taken = traffic.take()
      return taken ? [{ appId: app.id, ...taken }] : []
    })
  }

  *allDynos(): Iterable<DynoRoute> {
    for (const route of this.apps.values()) yield* route.dynos
    yield* this.leaving
  }

  private dynosOf(route: AppRoute): DynoRoute[] {
    return [...route.dynos, ...[...this.leaving].filter(({ appId }) => appId === route.app.id)]
  }

  private isBusy(ids: ReadonlySet<string>): boolean {
    for (const { dyno, inFlight } of this.allDynos()) if (inFlight > 0 && ids.has(dyno.id)) return true
    return false
  }

  private takeApp(app: RoutedApp): void {
    const known = this.apps.get(app.id)
    const before = known?.app.hostnames ?? []
    const route = this.renewApp(known, app)
    this.apps.set(app.id, route)
    if (before.length === app.hostnames.length && before.every((hostname, at) => hostname === app.hostnames[at])) return
    this.forgetHostnames(route, before)
    for (const hostname of app.hostnames) this.index(keyOf(hostname), route)
  }

  private removeApp(id: string): void {
    const route = this.apps.get(id)
    if (!route) return
    this.apps.delete(id)
    this.forgetHostnames(route, route.app.hostnames)
    this.renewApp(route, { ...route.app, state: 'stopped', dynos: [] })
  }

  private index(key: string, route: AppRoute): void {
    const holder = this.hostnames.get(key)
    if (holder && holder !== route) this.isContested = true
    else this.hostnames.set(key, route)
  }

  private forgetHostnames(route: AppRoute, hostnames: readonly string[]): void {
    for (const hostname of hostnames) {
      const key = keyOf(hostname)
      if (this.hostnames.get(key) === route) this.hostnames.delete(key)
    }
  }

  /** Where two apps claim a name, the first keeps it. */
  private indexAll(): void {
    this.isContested = false
    this.hostnames = new Map()
    for (const route of this.apps.values()) {
      for (const hostname of route.app.hostnames) this.index(keyOf(hostname), route)
    }
  }

  private renewApp(before: AppRoute | undefined, app: RoutedApp): AppRoute {
    const route = before ?? openAppRoute(app)
    const known = new Map(this.dynosOf(route).map((dyno) => [dyno.dyno.id, dyno]))
    const dynos = app.dynos.map((dyno) => renewDyno(known.get(dyno.id), app.id, dyno))
    for (const dyno of route.dynos) if (!dynos.includes(dyno)) this.retire(dyno)
    for (const dyno of dynos) this.leaving.delete(dyno)
    route.app = app
    route.features = featuresOf(app)
    route.pages = pagesOf(app)
    route.dynos = dynos
    return route
  }

  private retire(dyno: DynoRoute): void {
    dyno.isGone = true
    this.leaving.add(dyno)
    this.forgetIfUnused(dyno)
    // Each takes itself out of the list.
    for (const connection of [...dyno.idle]) connection.destroy()
  }

  private forgetIfUnused(dyno: DynoRoute): void {
    if (dyno.isGone && dyno.inFlight === 0 && dyno.tunnels === 0) this.leaving.delete(dyno)
  }
}

function keyOf(hostname: string): string {
  const name = normalizeHostname(hostname)
  return isWildcard(name) ? name.slice(1) : name
}

function openAppRoute(app: RoutedApp): AppRoute {
  const counts = { requests: 0, inFlight: 0, backlog: 0, tunnels: 0, lastRequestAtMs: null }
  const traffic = new TrafficCounter()
  return { app, dynos: [], held: new Set(), ...counts, traffic, features: featuresOf(app), pages: pagesOf(app) }
}

const featuresOf = ({
  keepAliveToDynos = true,
  endToEndContinue = false,
  sessionAffinity = false,
  hstsSeconds,
}: RoutedApp): DynoFeatures => ({
  keepAlive: keepAliveToDynos,
  endToEndContinue,
  sessionAffinity,
  strictLine: hstsSeconds === undefined ? '' : `Strict-Transport-Security: max-age=${hstsSeconds}\r\n`,
})

const pagesOf = ({ errorPage, maintenancePage }: RoutedApp): CustomPages => ({
  error: errorPage === undefined ? null : asBytes(errorPage),
  maintenance: maintenancePage === undefined ? null : asBytes(maintenancePage),
})

const asBytes = (text: string): string => Buffer.from(text).toString('latin1')

function renewDyno(before: DynoRoute | undefined, appId: string, dyno: RoutedDyno): DynoRoute {
  if (before && before.dyno.host === dyno.host && before.dyno.port === dyno.port) {
    before.isGone = false
    return before
  }
  const counts = { requests: 0, inFlight: 0, tunnels: 0, answered: 0, unanswered: 0 }
  return { dyno, appId, idle: [], ...counts, quarantinedUntil: 0, isGone: false }
}
