import { randomUUID } from 'node:crypto'
import { type RoutingCodeName, routingCodes } from '../../core/routing-codes.ts'
import type { AppRoute } from '../dynos/routes.ts'
import { markRequest, type Origin, type RequestMarks } from '../http/forward-head.ts'
import type { RequestHead } from '../http/request-parser.ts'
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
  readonly startedAt = performance.now()
  readonly marks: RequestMarks
  private readonly head: RequestHead
  private readonly app: AppRoute

  constructor(head: RequestHead, app: AppRoute, origin: Origin) {
    this.head = head
    this.app = app
    this.marks = markRequest(head, origin, Date.now(), randomUUID)
    app.requests++
    app.inFlight++
    app.lastRequestAtMs = this.marks.startMs
  }

  close(host: ExchangeHost, { code, cause, connectedAt, dyno, status, bytes }: ExchangeEnd): void {
    const { app, head, marks, startedAt } = this
    app.inFlight--
    const line = formatLogLine({
      code: code && routingCodes[code],
      cause: cause ?? null,
      head,
      marks,
      dyno,
      connectMs: connectedAt === null ? null : connectedAt - startedAt,
      serviceMs: connectedAt === null ? null : performance.now() - connectedAt,
      status,
      bytes,
    })
    host.log(app.app.id, Date.now(), line)
  }
}
