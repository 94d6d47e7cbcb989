import type { RoutingCodeName } from '../core/routing/routing-codes.ts'
import { answerForCode, challengeAnswer, type ErrorAnswer, redirect } from './client/error-page.ts'
import type { AppRoute } from './dynos/routes.ts'
import type { ClientSide } from './exchange/client-side.ts'
import { ExchangeAccount } from './exchange/exchange-account.ts'
import type { ExchangeHost } from './exchange/exchange-host.ts'
import type { Origin } from './http/forward-head.ts'
import type { RequestHead } from './http/request-head.ts'
import type { Judged } from './judge-request.ts'

/** A request that comes to no dyno. */
export interface Lone {
  readonly head: RequestHead
  readonly route: AppRoute
  readonly origin: Origin
}

export interface LoneEnd {
  readonly code: RoutingCodeName | null
  readonly status: number
  readonly cause?: string
}

/** Counts it and writes its line; returns the id that stands there. */
export function accountFor(host: ExchangeHost, { head, route, origin }: Lone, end: LoneEnd): string {
  const account = new ExchangeAccount()
  account.begin(head, route, origin)
  account.close(host, head, route, { dyno: null, connectedAt: null, bytes: null, ...end })
  return account.marks.requestId
}

type Answered = Exclude<Judged, { kind: 'pass' }>

/** What it was asked for is no business of the app's. */
export function answerAlone(
  host: ExchangeHost,
  client: ClientSide,
  { head, route, judged }: { head: RequestHead; route: AppRoute; judged: Answered },
): void {
  const requestId = accountFor(host, { head, route, origin: client.origin }, endOf(judged))
  const keepAlive = head.keepAlive && head.framing.kind === 'none' && !host.isStopping
  client.answer(head, answerTo(judged, route, requestId), keepAlive)
}

function endOf(judged: Answered): LoneEnd {
  if (judged.kind === 'misdirected') return { code: 'H31', status: 421 }
  return { code: null, status: judged.kind === 'challenge' ? 200 : judged.status }
}

function answerTo(judged: Answered, { pages }: AppRoute, requestId: string): ErrorAnswer {
  if (judged.kind === 'challenge') return challengeAnswer(judged.text)
  if (judged.kind === 'redirect') return redirect(judged.status, judged.location)
  return answerForCode('H31', { status: 421, requestId, pages })
}
