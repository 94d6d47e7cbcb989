import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { z } from 'zod'
import { endpoints } from '../contract/endpoints.ts'
import { HearthError } from '../contract/errors.ts'
import type { Caller } from '../core/ports/access/actor.ts'
import type { CallName, CallRequest } from '../operations/call.ts'
import type { Platform } from '../operations/platform.ts'
import { type Headers, readJson, sendError, sendJson, sendNothing } from './exchange.ts'
import { type Match, redactPath, requireEndpoint } from './match.ts'
import { readRange, selectPage } from './range.ts'
import { answerStream, isStreamName } from './streams.ts'

export interface AnswerOptions {
  readonly platform: Platform
  /** The token's owner, or null when it is forged, expired or of a key that was removed. */
  readonly authenticate: (token: string) => Caller | null
  /** Whoever asks, as soon as they are known. */
  readonly onCaller: (caller: Caller) => void
  /** For what only the operator may see: an internal error with its stack. */
  readonly logError: (message: string, error: unknown) => void
}

/** Answers one request, whatever becomes of it: with what the endpoint says, or with an error in Heroku's shape. */
export async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: AnswerOptions,
): Promise<void> {
  // A client that goes away mid-answer is normal, not an error of ours. What it sent and nobody read yet would keep the
  // stream from closing.
  stream.on('error', () => {})
  stream.on('aborted', () => stream.destroy())
  const extra: Headers = { 'request-id': randomUUID() }
  try {
    const path = String(headers[':path']).split('?')[0] ?? '/'
    await answerMatch(stream, headers, requireEndpoint(readMethod(headers), path), options, extra)
  } catch (error) {
    sendError(stream, explain(error, headers, options.logError, extra), extra)
  }
}

/** A client that knows GET and POST only names another method in a header. Source: the Platform API reference, "Methods". */
function readMethod(headers: IncomingHttpHeaders): string {
  const method = String(headers[':method'])
  const other = headers['x-http-method-override']
  return method === 'POST' && typeof other === 'string' ? other.toUpperCase() : method
}

async function answerMatch(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  match: Match,
  options: AnswerOptions,
  extra: Headers,
): Promise<void> {
  const { name, parameters } = match
  const { platform } = options
  const caller = admit(headers, match, options, extra)
  if (isStreamName(name)) {
    await answerStream(name, { stream, headers, parameters, caller, platform, extra })
    return
  }
  const { request, response, status, ranges } = endpoints[name]
  const body = typeof request === 'string' ? undefined : await readJson(stream, request)
  // The contract's types meet in `Calls`; for one name that is known only here they are one shape.
  const call = platform.calls[name] as (request: unknown) => Promise<unknown>
  const range = readRange(headers.range, ranges)
  const tell = (header: string, value: string) => {
    extra[header] = value
  }
  const asked = { actor: caller, parameters, body, range, tell } satisfies Record<keyof CallRequest<CallName>, unknown>
  const result = await call(asked)
  if (typeof response === 'string') sendNothing(stream, status, extra)
  else sendResult(stream, headers, { match, response, result }, extra)
}

/** Whoever asks, once they may; null where the path holds the permission. Nothing of the body has been read yet. */
function admit(headers: IncomingHttpHeaders, match: Match, options: AnswerOptions, extra: Headers): Caller | null {
  if (endpoints[match.name].needs === 'sealed') return null
  const caller = requireCaller(headers.authorization, options.authenticate)
  options.onCaller(caller)
  noteState(options.platform, caller, match, extra)
  options.platform.authorize(caller, match)
  return caller
}

/** What every answer tells besides: requests that are left, and what the server's owner should know. */
function noteState(platform: Platform, caller: Caller, { name }: Match, extra: Headers): void {
  const warning = platform.warning()
  if (warning !== null) extra['warning-message'] = warning
  extra['ratelimit-remaining'] = '0'
  // Asking how many are left costs none.
  extra['ratelimit-remaining'] = String(platform.admit(caller, name === 'getRateLimits' ? 0 : 1))
}

function sendResult(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { match, response, result }: { match: Match; response: z.ZodType; result: unknown },
  extra: Headers,
): void {
  const { name } = match
  const { method, ranges, status } = endpoints[name]
  const known = method === 'GET' ? headers['if-none-match'] : undefined
  if (method !== 'GET' || !Array.isArray(result)) {
    sendJson(stream, status, checkResponse(name, response, result), extra, known)
    return
  }
  const page = selectPage(result, headers.range, ranges)
  sendJson(stream, page.status, checkResponse(name, response, page.items), { ...extra, ...page.headers }, known)
}

/** Accepts `Bearer <token>` and, as some of the stock client's requests do, Basic with the token as password. */
function requireCaller(authorization: string | undefined, authenticate: AnswerOptions['authenticate']): Caller {
  const [scheme, value = ''] = (authorization ?? '').split(' ')
  const token =
    scheme === 'Basic'
      ? Buffer.from(value, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, '')
      : value
  const caller = token ? authenticate(token) : null
  if (!caller)
    throw new HearthError('unauthorized', 'The token is missing, wrong or expired. Connect again for a new one.')
  return caller
}

function checkResponse(name: string, schema: z.ZodType, result: unknown): unknown {
  const checked = schema.safeParse(result)
  if (checked.success) return checked.data
  throw new HearthError('internal', `The agent made an answer to ${name} that breaks its own contract.`, {
    detail: checked.error.message,
  })
}

/** What the client is told; what only the operator may know goes to the log, under the request's id. */
function explain(
  error: unknown,
  headers: IncomingHttpHeaders,
  logError: AnswerOptions['logError'],
  extra: Headers,
): HearthError {
  const requestId = extra['request-id']
  if (error instanceof HearthError) {
    if (error.detail) logError(`${error.message} (request ${requestId})`, error.detail)
    return error
  }
  logError(`The request ${headers[':method']} ${redactPath(headers[':path'])} failed (${requestId})`, error)
  return new HearthError(
    'internal',
    `The agent failed on this request; its log on the server says why, under ${requestId}.`,
  )
}
