import { type ClientHttp2Session, type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2'
import { pipeline, Transform } from 'node:stream'
import type { AgentDoor, DoorAnswer, DoorRequest, Exchange } from '../core/ports/agent-door.ts'
import { lost } from './answer.ts'
import { giveUp } from './give-up.ts'
import type { OpenAgentOptions } from './open-agent.ts'
import { openSession } from './session.ts'

/**
 * A connection of its own for requests of others: what a program that stops reading leaves waiting is bounded, and holds
 * up neither the desktop's own screens nor another program.
 */
export async function openDoor(options: OpenAgentOptions): Promise<AgentDoor> {
  const { session, heartbeat, closed } = await openSession(options, {
    streamBytes: 512 << 10,
    connectionBytes: 16 << 20,
  })
  return {
    closed,
    async open(request) {
      const token = request.isAuthorized ? await options.token() : null
      return startExchange(session, request, token)
    },
    async close() {
      heartbeat.stop()
      session.destroy()
      await closed
    },
  }
}

function startExchange(session: ClientHttp2Session, request: DoorRequest, token: string | null): Exchange {
  if (session.destroyed || session.closed) throw lost()
  const stream = session.request(
    {
      ...request.headers,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ':method': request.method,
      ':path': request.path,
    },
    { endStream: false },
  )
  // Failures show in the answer or its body.
  stream.on('error', () => {})
  const answer = readAnswer(session, stream)
  answer.catch(() => {})
  return { request: stream, answer, close: () => giveUp(stream) }
}

async function readAnswer(session: ClientHttp2Session, stream: ClientHttp2Stream): Promise<DoorAnswer> {
  let trailers: IncomingHttpHeaders = {}
  stream.once('trailers', (received) => {
    trailers = received
  })
  const head = new Promise<IncomingHttpHeaders & { ':status'?: number }>((resolve, reject) => {
    stream.once('response', resolve)
    stream.once('close', () => reject(lost(stream.errored)))
  })
  // Node throws away a body that nobody reads by the time the stream closes, so it is read from the start, as far as
  // back-pressure lets it; and it ends the streams of a connection that broke as if they had been complete.
  const body = new Transform({
    transform: (chunk, _, done) => done(null, chunk),
    flush: (done) => done(session.destroyed || stream.rstCode !== constants.NGHTTP2_NO_ERROR ? lost() : null),
  })
  pipeline(stream, body, () => {})
  const { ':status': status = 502, ...headers } = await head
  return { status, headers, body, trailers: () => trailers }
}
