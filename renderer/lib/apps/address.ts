import type { BridgeDomain, Server } from '../../../electron/bridge/contract.ts'

type Router = NonNullable<Server['agent']>['router']

/** Where a browser finds the app under a domain; null for a wildcard, which is no single place. */
export function addressOf(
  { hostname, certificate }: Pick<BridgeDomain, 'hostname' | 'certificate'>,
  router: Pick<Router, 'port'> | null,
): string | null {
  if (hostname.startsWith('*.')) return null
  const port = router?.port ?? 80
  // Whoever moved http to another port has another program on 80, and on 443 too.
  if (port !== 80) return `http://${hostname}:${port}`
  return `${certificate ? 'https' : 'http'}://${hostname}`
}
