import type { RoutingCodeName } from '../../core/routing/routing-codes.ts'
import type { AppRoute } from '../dynos/routes.ts'
import type { UpstreamConnection } from '../dynos/upstream-connection.ts'
import type { ClientSide } from './client-side.ts'
import type { ExchangeHost } from './exchange-host.ts'
import { Tunnel, type TunnelEnd } from './tunnel.ts'

export interface SwitchedExchange {
  readonly host: ExchangeHost
  readonly app: AppRoute
  readonly client: ClientSide
  readonly upstream: UpstreamConnection
  /** What the dyno sent behind its agreement. */
  readonly begun: Buffer | null
  /** With the bytes that went to the client. */
  onEnd(code: RoutingCodeName | null, bytes: number): void
}

/** After a protocol switch both connections belong to a tunnel, which is counted apart from the requests. */
export function openTunnel({ host, app, client, upstream, begun, onEnd }: SwitchedExchange): void {
  host.routes.beginTunnel(app, upstream.dyno)
  host.routes.endRequest(upstream.dyno)
  const tunnel = new Tunnel({ idleMs: host.timeouts.idleMs, buffered: host.buffered }, (reason) => {
    upstream.user = null
    host.routes.endTunnel(app, upstream.dyno)
    onEnd(tunnelCode(reason), tunnel.bytes)
  })
  tunnel.join(client.takeOver(tunnel), upstream.socket)
  upstream.user = tunnel
  if (begun) tunnel.onUpstreamData(begun)
  client.releaseAhead()
  if (host.isStopping) tunnel.forceClose()
}

function tunnelCode(reason: TunnelEnd): RoutingCodeName | null {
  switch (reason) {
    case 'closed':
      return null
    case 'idle':
      return 'H15'
    case 'crowded':
      return 'H28'
    case 'forced':
      return 'H24'
  }
}
