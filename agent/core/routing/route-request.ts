import type { RoutedApp } from '../ports/routing/router-control.ts'
import type { RoutingCodeName } from './routing-codes.ts'

export type Route =
  /** Send it to one of the app's dynos. */
  | { readonly kind: 'forward' }
  /** A dyno is on its way: wait for it. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'refuse'; readonly code: RoutingCodeName }

const forward: Route = { kind: 'forward' }
const hold: Route = { kind: 'hold' }
const refuse = (code: RoutingCodeName): Route => ({ kind: 'refuse', code })
const refusals = { maintenance: refuse('H80'), blank: refuse('H81'), stopped: refuse('H14'), crashed: refuse('H10') }

/** What becomes of a request for this app. */
export function routeRequest(app: RoutedApp): Route {
  if (app.maintenance) return refusals.maintenance
  switch (app.state) {
    case 'up':
      return app.dynos.length > 0 ? forward : hold
    case 'starting':
      return hold
    case 'blank':
    case 'stopped':
    case 'crashed':
      return refusals[app.state]
  }
}

/** Lower case, and without the final dot that marks a name as complete. */
export function normalizeHostname(hostname: string): string {
  const lower = hostname.toLowerCase()
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}
