import http2, { type ClientHttp2Session } from 'node:http2'
import type { Duplex } from 'node:stream'
import { HearthError } from '../../agent/contract/errors.ts'
import { Heartbeat, type HeartbeatOptions } from './heartbeat.ts'

export interface SessionOptions {
  /** A connection to the agent's socket; it belongs to the session from now on. */
  readonly socket: Duplex
  readonly heartbeat?: HeartbeatOptions
  /** For the peer's first word: a socket may open and lead nowhere. */
  readonly timeoutMs?: number
}

export interface Windows {
  /** What the agent may send on one stream before somebody reads it. */
  readonly streamBytes: number
  readonly connectionBytes: number
}

export interface AgentSession {
  readonly session: ClientHttp2Session
  readonly heartbeat: Heartbeat
  /** Resolves when the connection is over, with the reason when it was not ours. */
  readonly closed: Promise<Error | null>
}

/** Speaks HTTP/2 over whatever the transport opened. Resolves once the other side has answered. */
export async function openSession(options: SessionOptions, windows: Windows): Promise<AgentSession> {
  const { socket } = options
  const session = http2.connect('http://agent', {
    createConnection: () => socket,
    settings: { initialWindowSize: windows.streamBytes, enablePush: false },
  })
  const closed = whenClosed(session, socket)
  await waitForSettings(session, closed, options.timeoutMs ?? 10_000)
  session.setLocalWindowSize(windows.connectionBytes)
  const heartbeat = new Heartbeat(session, socket, options.heartbeat)
  return { session, heartbeat, closed: Promise.race([closed, heartbeat.silent]) }
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
