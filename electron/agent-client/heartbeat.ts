import type { ClientHttp2Session } from 'node:http2'
import type { Duplex } from 'node:stream'

export interface HeartbeatOptions {
  readonly everyMs: number
  /** Silence after which the link counts as dead. */
  readonly silentMs: number
}

const defaults: HeartbeatOptions = { everyMs: 3000, silentMs: 9000 }

/**
 * Ends a session whose link is silently dead. Any byte counts as life, not only a ping's answer: on a slow line that
 * uploads at full speed a ping waits in the queue behind megabytes.
 */
export class Heartbeat {
  /** Resolves when the link is dead. The session's own end may never come: a channel of SSH waits for an answer to its own. */
  readonly silent: Promise<Error>
  /** Looks since anything was heard. A program that was stopped itself, by Ctrl Z say, has looked once only: time would tell nothing. */
  #looks = 0
  readonly #timer: NodeJS.Timeout

  constructor(session: ClientHttp2Session, socket: Duplex, { everyMs, silentMs }: HeartbeatOptions = defaults) {
    const hear = () => {
      this.#looks = 0
    }
    // A second listener beside the session's own. A socket that is read natively emits nothing here: pings are enough.
    socket.on('data', hear)
    const { promise, resolve } = Promise.withResolvers<Error>()
    this.silent = promise
    this.#timer = setInterval(() => {
      this.#looks += 1
      if (this.#looks * everyMs > silentMs) {
        const reason = new Error(`The server was silent for ${silentMs / 1000} seconds.`)
        clearInterval(this.#timer)
        resolve(reason)
        session.destroy(reason)
        return
      }
      // One too many while others wait is refused by Node itself, which says nothing about the link.
      if (!session.destroyed && !session.closed)
        session.ping((refused) => {
          if (!refused) hear()
        })
    }, everyMs)
    session.once('close', () => clearInterval(this.#timer))
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
