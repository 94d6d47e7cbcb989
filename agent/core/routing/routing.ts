import type { RoutedApp, RoutedAppState, RoutedCertificate, RoutedChallenge } from '../ports/routing/router-control.ts'
import type { AppRow, DynoRow } from '../ports/store.ts'

export interface RoutingParts {
  readonly app: AppRow
  readonly hostnames: readonly string[]
  /** The release that serves: the newest that was switched to. Null before the first deploy. */
  readonly servingReleaseId: string | null
  /** How many web dynos the formation asks for. */
  readonly webQuantity: number
  readonly dynos: readonly DynoRow[]
  readonly pages: AppPages
  readonly certificates: readonly RoutedCertificate[]
  readonly challenges: readonly RoutedChallenge[]
}

/** The app's own pages, as far as there are any. */
export interface AppPages {
  readonly errorPage?: string
  readonly maintenancePage?: string
}

/** How the router should treat an app, from the rows alone. */
export function routeApp(parts: RoutingParts): RoutedApp {
  const { app, hostnames, servingReleaseId, webQuantity, dynos, pages } = parts
  const web = dynos.filter((dyno) => {
    return dyno.kind === 'formation' && dyno.type === 'web' && dyno.releaseId === servingReleaseId && !dyno.isLeaving
  })
  return {
    id: app.id,
    name: app.name,
    hostnames,
    maintenance: app.maintenance,
    ...pages,
    ...settingsOf(parts),
    state: judgeState(servingReleaseId, webQuantity, web),
    ...(isAsleep(web) && { isAsleep: true }),
    dynos: web.flatMap(({ id, name, state, address }) => {
      return state === 'up' && address ? [{ id, name, host: address.host, port: address.port }] : []
    }),
  }
}

/** What is as it is without saying is not said. */
function settingsOf({ app, certificates, challenges }: RoutingParts): Partial<RoutedApp> {
  return {
    ...(!app.keepAliveToDynos && { keepAliveToDynos: false }),
    ...(app.endToEndContinue && { endToEndContinue: true }),
    ...(app.sessionAffinity && { sessionAffinity: true }),
    ...(certificates.length > 0 && { certificates }),
    ...(challenges.length > 0 && { challenges }),
    ...(app.httpsOnly && { httpsOnly: true }),
    ...(app.hstsSeconds !== null && { hstsSeconds: app.hstsSeconds }),
  }
}

/** One that is up or on its way is enough for the requests. */
function isAsleep(web: readonly DynoRow[]): boolean {
  return web.some(({ state }) => state === 'idle') && !web.some(({ state }) => state === 'up' || state === 'starting')
}

function judgeState(servingReleaseId: string | null, webQuantity: number, web: readonly DynoRow[]): RoutedAppState {
  if (servingReleaseId === null) return 'blank'
  if (web.some(({ state }) => state === 'up')) return 'up'
  if (webQuantity === 0) return 'stopped'
  if (web.some(({ state }) => state === 'starting' || state === 'idle')) return 'starting'
  return web.some(({ state }) => state === 'crashed') ? 'crashed' : 'starting'
}
