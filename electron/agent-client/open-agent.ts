import http2, { type ClientHttp2Session } from 'node:http2'
import type { Duplex } from 'node:stream'
import { HearthError } from '../../agent/contract/errors.ts'
import type { Agent } from '../core/ports/agent.ts'
import { Heartbeat, type HeartbeatOptions } from './heartbeat.ts'
import { Http2Agent } from './http2-agent.ts'

export interface OpenAgentOptions {
  /** A connection to the agent's socket; it belongs to the agent from now on. */
  readonly socket: Duplex
  /** A valid token; asked for before each request, so that it may be kept and renewed. */
  readonly token: () => Promise<string>
  readonly heartbeat?: HeartbeatOptions
  /** For the peer's first word: a socket may open and lead nowhere. */
  readonly timeoutMs?: number
}

/** Speaks HTTP/2 over whatever the transport opened. Resolves once the other side has answered. */
export async function openAgent(options: OpenAgentOptions): Promise<Agent> {
  const { socket } = options
  const session = http2.connect('http://agent', {
    createConnection: () => socket,
    settings: { initialWindowSize: 4 << 20, enablePush: false },
  })
  const closed = whenClosed(session, socket)
  await waitForSettings(session, closed, options.timeoutMs ?? 10_000)
  session.setLocalWindowSize(16 << 20)
  const heartbeat = new Heartbeat(session, socket, options.heartbeat)
  return new Http2Agent(session, { closed: Promise.race([closed, heartbeat.silent]), token: options.token, heartbeat })
}

/** Errors come from the session, the socket or both, in any order; the first says why, the close says when. */
function whenClosed(session: ClientHttp2Session, socket: Duplex): Promise<Error | null> {
  let reason: Error | null = null
  return new Promise((resolve) => {
    session.on('error', (error: Error) => {
      reason ??= error
    })
    socket.on('error', (error) => {
      reason ??= error
      session.destroy()
    })
    socket.on('close', () => session.destroy())
    // An SSH channel stays half open when the agent at its other end dies: only its end tells.
    socket.on('end', () => session.destroy())
    session.on('close', () => {
      socket.destroy()
      resolve(reason)
    })
  })
}

function waitForSettings(session: ClientHttp2Session, closed: Promise<Error | null>, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown) =>
      reject(new HearthError('unavailable', 'The agent on the server does not answer. Is it running?', { cause }))
    const timer = setTimeout(() => {
      fail()
      session.destroy()
    }, timeoutMs)
    session.once('remoteSettings', () => {
      clearTimeout(timer)
      resolve()
    })
    void closed.then((error) => {
      clearTimeout(timer)
      fail(error ?? undefined)
    })
  })
}
