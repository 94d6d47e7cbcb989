/** Where an app runs, as the gateway needs it. */
export interface GatewayTarget {
  readonly serverId: string
  readonly serverName: string
}

export type GatewayHost =
  | { readonly kind: 'app'; readonly app: string; readonly server: string | null }
  | { readonly kind: 'foreign' }

export type GatewayChoice =
  | { readonly kind: 'target'; readonly target: GatewayTarget }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous'; readonly hosts: readonly string[] }

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * `shop.localhost` or `shop.nas.localhost`, in any case, with or without a port. Anything else is foreign: a page of
 * another site that points its own name at 127.0.0.1 must not reach an app.
 */
export function parseHost(header: string | undefined): GatewayHost {
  const [, name] = /^([^:]{1,253})(?::\d{1,5})?$/.exec(header ?? '') ?? []
  const labels = name?.toLowerCase().replace(/\.$/, '').split('.') ?? []
  const end = labels.pop()
  const [app, server] = labels
  if (end !== 'localhost' || labels.length < 1 || labels.length > 2) return { kind: 'foreign' }
  if (!labels.every((one) => label.test(one)) || app === undefined) return { kind: 'foreign' }
  return { kind: 'app', app, server: server ?? null }
}

/** A server's name as part of a host name: `My NAS` -> `my-nas`. */
export function hostLabel(serverName: string): string {
  const dashed = serverName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '')
  return dashed === '' ? 'server' : dashed
}

/** Which of the servers that have an app of this name is meant. */
export function chooseTarget(
  { app, server }: { app: string; server: string | null },
  targets: readonly GatewayTarget[],
): GatewayChoice {
  const meant = targets.filter((target) => server === null || hostLabel(target.serverName) === server)
  const [only, ...others] = meant
  if (!only) return { kind: 'none' }
  if (others.length === 0) return { kind: 'target', target: only }
  return { kind: 'ambiguous', hosts: meant.map(({ serverName }) => `${app}.${hostLabel(serverName)}.localhost`) }
}
