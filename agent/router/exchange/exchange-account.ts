import { randomUUID } from 'node:crypto'
import { type RoutingCodeName, routingCodes } from '../../core/routing/routing-codes.ts'
import type { AppRoute } from '../dynos/routes.ts'
import { markRequest, type Origin, type RequestMarks } from '../http/forward-head.ts'
import type { RequestHead } from '../http/request-head.ts'
import { formatLogLine } from '../log/log-line.ts'
import type { ExchangeHost } from './exchange-host.ts'

export interface ExchangeEnd {
  readonly code: RoutingCodeName | null
  /** What exactly was wrong, where a code covers several faults. */
  readonly cause?: string | undefined
  readonly dyno: string | null
  readonly connectedAt: number | null
  readonly status: number | null
  readonly bytes: number | null
}

/** What is counted and written down of one exchange. */
export class ExchangeAccount {
  startedAt = 0
  marks: RequestMarks = noMarks
  private isUnanswered = false
  private tlsVersion: string | null = null

  begin(head: RequestHead, app: AppRoute, origin: Origin): void {
    this.startedAt = performance.now()
    this.marks = markRequest(head, origin, Date.now(), randomUUID)
    this.isUnanswered = true
    this.tlsVersion = origin.security?.version ?? null
    app.requests++
    app.inFlight++
    app.backlog++
    app.lastRequestAtMs = this.marks.startMs
  }

  /** The response has begun: the request is no longer in the app's backlog. False when that was known. */
  answered(app: AppRoute): boolean {
    if (!this.isUnanswered) return false
    this.isUnanswered = false
    app.backlog--
    return true
  }

  close(host: ExchangeHost, head: RequestHead, app: AppRoute, end: ExchangeEnd): void {
    const { code, cause, connectedAt, dyno, status, bytes } = end
    const { marks, startedAt } = this
    const now = performance.now()
    this.answered(app)
    app.inFlight--
    app.traffic.count(status, now - startedAt)
    const line = formatLogLine({
      code: code && routingCodes[code],
      cause: cause ?? null,
      head,
      marks,
      dyno,
      connectMs:
        connectedAt === null ? (code && triedCodes.has(code) ? now - startedAt : null) : connectedAt - startedAt,
      serviceMs: connectedAt === null ? null : now - connectedAt,
      status,
      bytes,
      tlsVersion: this.tlsVersion,
    })
    host.log(app.app.id, Date.now(), line)
  }
}

/** No dyno took the connection: how long it was tried is told all the same, as Heroku does. */
const triedCodes: ReadonlySet<RoutingCodeName> = new Set(['H19', 'H21'])

const noMarks: RequestMarks = { forwardedFor: '', requestId: '', startMs: 0 }
