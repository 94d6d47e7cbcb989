import type { Socket } from 'node:net'
import type { ClientUser } from '../client/client-user.ts'
import type { ErrorAnswer } from '../client/error-page.ts'
import type { Origin } from '../http/forward-head.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { ResponseHead } from '../http/response-parser.ts'

/** The client's half of an exchange: a connection of HTTP/1, or a stream of HTTP/2. */
export interface ClientSide {
  readonly origin: Origin
  /** There are too many connections: the only answer is H22. */
  readonly isUnwelcome: boolean
  /** Given to it and still in this process. */
  readonly waitingBytes: number
  /** So much waits that it will say when that is gone; of less it says nothing. */
  readonly willDrain: boolean
  /** Given to it and not taken by the client's kernel yet. */
  readonly unsentBytes: number
  /** Send no more of the request for now. */
  pause(): void
  resume(): void
  sendContinue(): void
  /** A 103, say. */
  sendInformational(head: ResponseHead): void
  /** The response's head, and what is there of its body. */
  respond(request: RequestHead, head: ResponseHead, form: ClientResponseForm, pieces: readonly Buffer[]): void
  send(pieces: readonly Buffer[]): void
  /** The response is whole. `trailers` are the lines behind a body whose chunks were taken off. */
  finish(keepAlive: boolean, trailers: string): void
  /** The router's own answer instead of a dyno's. */
  answer(request: RequestHead, answer: ErrorAnswer, keepAlive: boolean): void
  /** Cut off, so that the client knows that what it got is not whole. */
  abort(): void
  /** After the head of a 101: from now on the connection is `user`'s. */
  takeOver(user: ClientUser): Socket
  /** Gives what the client sent ahead to a user that takes everything. */
  releaseAhead(): void
}

export interface ClientResponseForm {
  /** The body's pieces are chunks with their framing. */
  readonly chunked: boolean
  readonly keepAlive: boolean
}
