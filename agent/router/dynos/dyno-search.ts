import type { ExchangeHost } from '../exchange/exchange-host.ts'
import { isRepeatable, type RequestHead } from '../http/request-head.ts'
import { chooseDyno } from './choose-dyno.ts'
import type { AppRoute, DynoRoute } from './routes.ts'
import { formerDyno } from './session-affinity.ts'
import type { UpstreamConnection, UpstreamUser } from './upstream-connection.ts'

/** A request's search for a dyno that takes it: the connection it has, and who refused before. */
export class DynoSearch {
  upstream: UpstreamConnection | null = null
  /** Of the last dyno that was asked. */
  dynoName: string | null = null
  lastRefusal: 'H19' | 'H21' = 'H21'
  private readonly host: ExchangeHost
  private readonly user: UpstreamUser
  private tried: readonly DynoRoute[] = noDynos
  private hasRepeated = false

  constructor(host: ExchangeHost, user: UpstreamUser) {
    this.host = host
    this.user = user
  }

  begin(): void {
    this.upstream = null
    this.dynoName = null
    this.tried = noDynos
    this.hasRepeated = false
  }

  get hasTried(): boolean {
    return this.tried.length > 0
  }

  choose({ dynos, features }: AppRoute, head: RequestHead): DynoRoute | null {
    const former = features.sessionAffinity ? formerDyno(dynos, head) : null
    return (former && chooseDyno([former], this.tried)) ?? chooseDyno(dynos, this.tried)
  }

  /** The user is told when the connection is there, unless it is at once. */
  connectTo(dyno: DynoRoute, head: RequestHead, keepsAlive: boolean): UpstreamConnection {
    const reuse = this.hasRepeated || !keepsAlive ? 'none' : isRepeatable(head) ? 'any' : 'fresh'
    this.dynoName = dyno.dyno.name
    this.host.routes.beginRequest(dyno)
    this.upstream = this.host.pool.take(dyno, this.user, reuse)
    return this.upstream
  }

  countAnswer(): void {
    if (this.upstream) this.upstream.dyno.answered++
  }

  countSilence(): void {
    if (this.upstream) this.upstream.dyno.unanswered++
  }

  /** This dyno took no connection: not again for this request, and for a while not for others. */
  refuse({ dyno }: UpstreamConnection, code: 'H19' | 'H21'): void {
    this.lastRefusal = code
    this.tried = [...this.tried, dyno]
    this.host.pool.quarantine(dyno)
  }

  /** A connection kept alive can be closed by the dyno just as the next request leaves: then nothing was done there. */
  mayRepeat(head: RequestHead): boolean {
    if (!this.upstream?.isReused || this.hasRepeated || !isRepeatable(head)) return false
    this.hasRepeated = true
    return true
  }

  /** With a keep-alive time (or null for none announced) the connection is kept for another request. */
  leave(keepAlive: number | null | 'broken'): void {
    const { host, upstream } = this
    if (!upstream) return
    this.upstream = null
    if (keepAlive === 'broken') upstream.destroy()
    else host.pool.release(upstream, keepAlive)
    host.routes.endRequest(upstream.dyno)
  }
}

const noDynos: readonly DynoRoute[] = []
