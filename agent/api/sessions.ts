import type { Http2Server, ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import type { Caller } from '../core/ports/access/actor.ts'

const pingEveryMs = 10_000
const pongWithinMs = 15_000
/** What was being answered when a key was removed may be the removal itself. */
const lastAnswersMs = 1_000

interface Known {
  /** Whose tokens came over it. */
  readonly keyIds: Set<string>
  readonly streams: Set<ServerHttp2Stream>
}

/** The open connections to the API, and by which keys they are used. */
export class Sessions {
  readonly #sessions = new Map<ServerHttp2Session, Known>()

  constructor(server: Http2Server) {
    server.on('session', (session) => {
      this.#sessions.set(session, { keyIds: new Set(), streams: new Set() })
      session.on('close', () => this.#sessions.delete(session))
      watchSession(session)
    })
    server.on('stream', (stream) => {
      const streams = this.#find(stream)?.streams
      streams?.add(stream)
      stream.on('close', () => streams?.delete(stream))
    })
  }

  note(stream: ServerHttp2Stream, { keyId }: Caller): void {
    if (keyId !== null) this.#find(stream)?.keyIds.add(keyId)
  }

  /** Ends what came by these keys: whatever is being sent or received at once, the connection when the rest is answered. */
  end(keyIds: readonly string[]): void {
    for (const [session, known] of this.#sessions) {
      if (!keyIds.some((keyId) => known.keyIds.has(keyId))) continue
      for (const stream of known.streams) if (stream.headersSent) stream.destroy()
      session.close()
      setTimeout(() => session.destroy(), lastAnswersMs).unref()
    }
  }

  destroy(): void {
    for (const session of this.#sessions.keys()) session.destroy()
  }

  #find(stream: ServerHttp2Stream): Known | undefined {
    return stream.session === undefined ? undefined : this.#sessions.get(stream.session as ServerHttp2Session)
  }
}

/**
 * Ends a session whose peer is silently gone (cut cable, sleeping laptop), so that its terminals and tails end too:
 * sshd by default notices nothing.
 */
function watchSession(session: ServerHttp2Session): void {
  // Counted, since time tells nothing: the clock may be set, and an agent that a disk held up has asked nobody meanwhile.
  let unanswered = 0
  const timer = setInterval(() => {
    if (unanswered * pingEveryMs > pongWithinMs) {
      session.destroy()
      return
    }
    unanswered += 1
    if (!session.destroyed)
      session.ping((refused) => {
        if (!refused) unanswered = 0
      })
  }, pingEveryMs)
  timer.unref()
  session.on('close', () => clearInterval(timer))
  session.on('error', () => session.destroy())
}
