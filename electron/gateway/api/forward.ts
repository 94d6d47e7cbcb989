import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { errorBody } from '../../../agent/contract/error-body.ts'
import { type ErrorId, errorStatus, HearthError } from '../../../agent/contract/errors.ts'
import type { AgentDoor, DoorAnswer, DoorRequest, Exchange } from '../../core/ports/agent-door.ts'
import { hasBody, readBody, sendBody } from '../send-body.ts'
import { answerHeaders } from './pass-headers.ts'

export interface Forwarding {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly head: DoorRequest
  /** Instead of the request's own body. */
  readonly body?: Buffer
  /** What the client gets of a JSON answer; without it answers pass as they are. */
  readonly rewrite?: ((answer: unknown, status: number) => unknown) | null
  /** An error of the agent is thrown, to be told in another form than the API's. */
  readonly throwsErrors?: boolean
}

/** A list of thousands of releases is a few megabytes. */
const maximumJsonBytes = 64 << 20
const maximumErrorBytes = 1 << 20
/** For a client that goes on sending what nobody wants any more. */
const lingerMs = 10_000

/** Passes one request and its answer on, streaming both ways. Throws only while nothing was answered. */
export async function forward(door: AgentDoor, forwarding: Forwarding): Promise<void> {
  const { request, response } = forwarding
  const exchange = await door.open(forwarding.head)
  // Whoever asked is gone: so is the question.
  response.once('close', () => exchange.close())
  const sending = send(exchange, forwarding).catch(() => exchange.close())
  try {
    await passAnswer(await exchange.answer, forwarding)
  } finally {
    void sending.then(() => dismissRest(request))
  }
}

function send(exchange: Exchange, { request, body }: Forwarding): Promise<void> {
  if (body) return Promise.resolve(void exchange.request.end(body))
  if (hasBody(request)) return sendBody(request, exchange.request)
  return Promise.resolve(void exchange.request.end())
}

async function passAnswer(answer: DoorAnswer, forwarding: Forwarding): Promise<void> {
  const { response, rewrite } = forwarding
  // It is this desktop that the agent does not know, and not the client, whose token was right.
  if (answer.status === 401) throw new HearthError('forbidden', notKnown)
  if (answer.status >= 400 && forwarding.throwsErrors) throw await readError(answer)
  const headers = answerHeaders(answer.headers)
  if (rewrite && isJson(answer)) {
    const text = await rewriteJson(answer, rewrite)
    response.writeHead(answer.status, { ...headers, 'content-length': Buffer.byteLength(text) })
    response.end(text)
    return
  }
  response.writeHead(answer.status, headers)
  // At once: a log that is followed may say nothing for hours.
  response.flushHeaders()
  await pipeline(answer.body, response).catch(() => response.destroy())
}

const notKnown =
  "The server does not accept this desktop: the desktop's key was removed there, or a clock is far off. Hearth's window says more."

async function readError({ body, status }: DoorAnswer): Promise<HearthError> {
  const parsed = errorBody.safeParse(parseJson((await readBody(body, maximumErrorBytes)).toString('utf8')))
  if (!parsed.success) return new HearthError('internal', `The server answered with status ${status} and no reason.`)
  const { id, message } = parsed.data
  return new HearthError(Object.hasOwn(errorStatus, id) ? (id as ErrorId) : 'internal', message)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function rewriteJson(
  { body, status }: DoorAnswer,
  rewrite: (answer: unknown, status: number) => unknown,
): Promise<string> {
  const text = (await readBody(body, maximumJsonBytes)).toString('utf8')
  if (text === '') return ''
  try {
    return JSON.stringify(rewrite(JSON.parse(text), status))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new HearthError('internal', "The server's answer is not the JSON that it says it is.", { cause })
  }
}

function isJson({ headers }: DoorAnswer): boolean {
  return /^application\/([\w.+-]+\+)?json\b/i.test(String(headers['content-type'] ?? ''))
}

/** The answer came before the question was whole. The rest is read and dropped, so that the client reads the answer. */
function dismissRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  request.resume()
  const timer = setTimeout(() => request.destroy(), lingerMs)
  request.once('close', () => clearTimeout(timer))
}
