import { create } from 'zustand'

export const appTabs = [
  'overview',
  'deploy',
  'releases',
  'logs',
  'terminal',
  'config-vars',
  'access',
  'settings',
] as const
export type AppTab = (typeof appTabs)[number]

export type Route =
  | { screen: 'apps' }
  | { screen: 'new-app' }
  | { screen: 'app'; serverId: string; app: string; tab: AppTab }
  | { screen: 'server'; serverId: string }
  /** Terminals of this computer, for the heroku client and git on a server. */
  | { screen: 'client-terminal'; serverId: string }
  | { screen: 'server-access'; serverId: string }
  | { screen: 'add-server' }
  | { screen: 'install-server'; serverId: string }
  | { screen: 'ledger' }
  | { screen: 'settings' }

/** The screen lives in the address's fragment: reload, back and forward work, and nothing is asked of the server. */
export function parseRoute(hash: string): Route {
  const [screen, first, kind, name, tab] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent)
  if (screen === 'servers' && first && kind === 'apps' && name) {
    const known = appTabs.find((each) => each === tab)
    return { screen: 'app', serverId: first, app: name, tab: known ?? 'overview' }
  }
  if (screen === 'servers' && first && kind === 'access') return { screen: 'server-access', serverId: first }
  if (screen === 'servers' && first && kind === 'install') return { screen: 'install-server', serverId: first }
  if (screen === 'servers' && first && kind === 'terminal') return { screen: 'client-terminal', serverId: first }
  if (screen === 'servers' && first) return { screen: 'server', serverId: first }
  if (screen === 'new-app' || screen === 'add-server' || screen === 'ledger' || screen === 'settings') return { screen }
  return { screen: 'apps' }
}

export function formatRoute(route: Route): string {
  const part = encodeURIComponent
  switch (route.screen) {
    case 'apps':
      return '#/'
    case 'app':
      return `#/servers/${part(route.serverId)}/apps/${part(route.app)}/${route.tab}`
    case 'server':
      return `#/servers/${part(route.serverId)}`
    case 'client-terminal':
      return `#/servers/${part(route.serverId)}/terminal`
    case 'server-access':
      return `#/servers/${part(route.serverId)}/access`
    case 'install-server':
      return `#/servers/${part(route.serverId)}/install`
    default:
      return `#/${route.screen}`
  }
}

export const useRoute = create<Route>(() => parseRoute(globalThis.location?.hash ?? ''))

export function followAddress(): () => void {
  const read = () => useRoute.setState(parseRoute(location.hash), true)
  window.addEventListener('hashchange', read)
  return () => window.removeEventListener('hashchange', read)
}

export function go(route: Route): void {
  const hash = formatRoute(route)
  if (globalThis.location && location.hash !== hash) location.hash = hash
  useRoute.setState(route, true)
}
