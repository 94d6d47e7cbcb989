import { randomUUID } from 'node:crypto'
import { chmod, rm } from 'node:fs/promises'
import http2, { type Http2Server, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { z } from 'zod'
import { endpoints } from '../contract/endpoints.ts'
import { HearthError } from '../contract/errors.ts'
import type { Actor } from '../core/ports/store.ts'
import type { CallName, CallRequest } from '../operations/call.ts'
import type { Platform } from '../operations/platform.ts'
import { type Headers, readJson, sendError, sendJson, sendNothing } from './exchange.ts'
import { type Match, matchEndpoint } from './match.ts'
import { selectRange } from './range.ts'
import { watchSession } from './session.ts'
import { answerStream, isStreamName } from './streams.ts'

export interface ApiOptions {
  readonly socketPath: string
  /** The socket's mode; its folder decides who gets near. */
  readonly socketMode: number
  readonly platform: Platform
  /** The token's owner, or null when it is forged or expired. */
  readonly authenticate: (token: string) => Actor | null
  /** For what only the operator may see: an internal error with its stack. */
  readonly logError: (message: string, error: unknown) => void
}

export interface Api {
  close(): Promise<void>
}

/** Serves the contract over HTTP/2 (prior knowledge) on a unix socket; nothing here listens on a network. */
export async function openApi(options: ApiOptions): Promise<Api> {
  const server = http2.createServer({ settings: { initialWindowSize: 1 << 20, maxConcurrentStreams: 1000 } })
  server.on('stream', (stream, headers) => void answer(stream, headers, options))
  const sessions = watchSessions(server)
  await rm(options.socketPath, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.socketPath, resolve)
  })
  await chmod(options.socketPath, options.socketMode)
  return {
    async close() {
      // In this order: a session that `server.close` has begun to end in peace waits for its client to hang up.
      for (const session of sessions) session.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function watchSessions(server: Http2Server) {
  const sessions = new Set<http2.ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    watchSession(session)
  })
  return sessions
}

async function answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, options: ApiOptions): Promise<void> {
  // A client that goes away mid-answer is normal, not an error of ours.
  stream.on('error', () => {})
  const extra: Headers = { 'request-id': randomUUID() }
  try {
    const path = String(headers[':path']).split('?')[0] ?? '/'
    await answerMatch(stream, headers, match(String(headers[':method']), path), options, extra)
  } catch (error) {
    if (error instanceof HearthError) {
      if (error.detail) options.logError(error.message, error.detail)
      sendError(stream, error, extra)
      return
    }
    options.logError(`The request ${headers[':method']} ${redactPath(headers[':path'])} failed`, error)
    sendError(
      stream,
      new HearthError('internal', 'The agent failed on this request; its log on the server says why.'),
      extra,
    )
  }
}

function match(method: string, path: string): Match {
  const found = matchEndpoint(method, path)
  if (typeof found === 'object') return found
  const why = found === 'wrong-method' ? `${method} is not possible there` : 'there is nothing'
  throw new HearthError('not_found', `${method} ${redactPath(path)}: ${why} on this server's API.`)
}

async function answerMatch(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { name, parameters }: Match,
  { platform, authenticate }: ApiOptions,
  extra: Headers,
): Promise<void> {
  // These hold their permission in the path.
  const isSealed = name === 'readStream' || name === 'attachDyno' || name === 'putSource'
  const actor = isSealed ? null : requireActor(headers.authorization, authenticate)
  if (isStreamName(name)) {
    await answerStream(name, { stream, headers, actor, parameters, platform, extra })
    return
  }
  const { request, response, status } = endpoints[name]
  const body = typeof request === 'string' ? undefined : await readJson(stream, request)
  // The contract's types meet in `Calls`; for one name that is known only here they are one shape.
  const call = platform.calls[name] as (request: unknown) => Promise<unknown>
  const result = await call({ actor, parameters, body } satisfies Record<keyof CallRequest<CallName>, unknown>)
  if (typeof response === 'string') sendNothing(stream, status, extra)
  else sendJson(stream, status, checkResponse(name, response, selectRange(result, headers.range)), extra)
}

/** Accepts `Bearer <token>` and, as some of the stock client's requests do, Basic with the token as password. */
function requireActor(authorization: string | undefined, authenticate: ApiOptions['authenticate']): Actor {
  const [scheme, value = ''] = (authorization ?? '').split(' ')
  const token =
    scheme === 'Basic'
      ? Buffer.from(value, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, '')
      : value
  const actor = token ? authenticate(token) : null
  if (!actor)
    throw new HearthError('unauthorized', 'The token is missing, wrong or expired. Connect again for a new one.')
  return actor
}

function checkResponse(name: string, schema: z.ZodType, result: unknown): unknown {
  const checked = schema.safeParse(result)
  if (checked.success) return checked.data
  throw new HearthError('internal', `The agent made an answer to ${name} that breaks its own contract.`, {
    detail: checked.error.message,
  })
}

/** Sealed paths hold a permission: it is not for logs or messages. */
function redactPath(path: unknown): string {
  return String(path).replace(/^(\/(?:streams|attach|source-blobs)\/).*/, '$1[redacted]')
}
