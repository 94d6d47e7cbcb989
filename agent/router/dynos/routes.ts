import type { RoutedApp, RoutedAppStatus, RoutedDyno, RoutingTable } from '../../core/ports/router-control.ts'
import { indexHostnames } from '../../core/route-request.ts'
import type { DynoFeatures } from '../exchange/transfer.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

/** A dyno as the router sees it: where it is, and what is going on there. Lives as long as anything uses it. */
export interface DynoRoute {
  readonly dyno: RoutedDyno
  readonly appId: string
  /** Connections that wait for a request, the last used at the end. */
  readonly idle: UpstreamConnection[]
  requests: number
  inFlight: number
  tunnels: number
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
  features: DynoFeatures
}

export interface HeldRequest {
  /** Look again at what the app can do for it. */
  dispatch(): void
}

/** The routing table in use, with what is counted per app and dyno. */
export class Routes {
  revision = 0
  private apps = new Map<string, AppRoute>()
  private hostnames = new Map<string, AppRoute>()
  /** Dynos that left the table and are still in use. */
  private readonly leaving = new Set<DynoRoute>()
  private readonly drains = new Set<() => void>()

  find(hostname: string): AppRoute | undefined {
    return this.hostnames.get(hostname)
  }

  /** From the return on, every new request is routed by this table. */
  apply(table: RoutingTable): void {
    const before = this.apps
    this.apps = new Map(table.apps.map((app) => [app.id, this.renewApp(before.get(app.id), app)]))
    this.hostnames = new Map()
    for (const [hostname, app] of indexHostnames(table)) {
      const route = this.apps.get(app.id)
      if (route) this.hostnames.set(hostname, route)
    }
    this.revision = table.revision
    for (const [id, route] of before) {
      if (!this.apps.has(id)) this.renewApp(route, { ...route.app, state: 'stopped', dynos: [] })
    }
    for (const route of before.values()) for (const request of [...route.held]) request.dispatch()
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
      dynos: this.dynosOf(route).map(({ dyno, requests, inFlight, tunnels }) => ({
        id: dyno.id,
        name: dyno.name,
        requests,
        inFlight,
        tunnels,
      })),
    }))
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

  private renewApp(before: AppRoute | undefined, app: RoutedApp): AppRoute {
    const route = before ?? openAppRoute(app)
    const known = new Map(this.dynosOf(route).map((dyno) => [dyno.dyno.id, dyno]))
    const dynos = app.dynos.map((dyno) => renewDyno(known.get(dyno.id), app.id, dyno))
    for (const dyno of route.dynos) if (!dynos.includes(dyno)) this.retire(dyno)
    for (const dyno of dynos) this.leaving.delete(dyno)
    route.app = app
    route.features = featuresOf(app)
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

function openAppRoute(app: RoutedApp): AppRoute {
  const counts = { requests: 0, inFlight: 0, backlog: 0, tunnels: 0, lastRequestAtMs: null }
  return { app, dynos: [], held: new Set(), ...counts, features: featuresOf(app) }
}

const featuresOf = ({ keepAliveToDynos = true, endToEndContinue = false }: RoutedApp): DynoFeatures => ({
  keepAlive: keepAliveToDynos,
  endToEndContinue,
})

function renewDyno(before: DynoRoute | undefined, appId: string, dyno: RoutedDyno): DynoRoute {
  if (before && before.dyno.host === dyno.host && before.dyno.port === dyno.port) {
    before.isGone = false
    return before
  }
  return { dyno, appId, idle: [], requests: 0, inFlight: 0, tunnels: 0, quarantinedUntil: 0, isGone: false }
}
