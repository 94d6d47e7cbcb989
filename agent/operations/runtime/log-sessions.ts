import { randomBytes } from 'node:crypto'
import type { LogSessionCreate } from '../../contract/log-session.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { LogFilter, LogStore } from '../../core/ports/log-store.ts'

interface Session {
  readonly appId: string
  readonly options: LogSessionCreate
  readonly expiresAtMs: number
}

const lifetimeMs = 5 * 60_000

/** Log sessions that were created and not yet read. */
export class LogSessions {
  readonly #logs: LogStore
  readonly #clock: Clock
  readonly #sessions = new Map<string, Session>()

  constructor(logs: LogStore, clock: Clock) {
    this.#logs = logs
    this.#clock = clock
  }

  create(appId: string, options: LogSessionCreate): string {
    this.#forgetExpired()
    const secret = randomBytes(24).toString('base64url')
    this.#sessions.set(secret, { appId, options, expiresAtMs: this.#clock.now() + lifetimeMs })
    return secret
  }

  /** The session's lines, for its one reader; null when there is no such session. */
  open(secret: string, signal: AbortSignal): AsyncIterable<Uint8Array> | null {
    this.#forgetExpired()
    const session = this.#sessions.get(secret)
    if (!session) return null
    this.#sessions.delete(secret)
    return this.#read(session, signal)
  }

  async *#read({ appId, options }: Session, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const reader = this.#logs.read(appId, {
      lines: options.lines ?? 100,
      tail: options.tail ?? false,
      filter: toFilter(options),
    })
    const close = () => reader.close()
    signal.addEventListener('abort', close, { once: true })
    try {
      if (!signal.aborted) yield* reader
    } finally {
      signal.removeEventListener('abort', close)
      reader.close()
    }
  }

  #forgetExpired(): void {
    for (const [secret, { expiresAtMs }] of this.#sessions) {
      if (expiresAtMs <= this.#clock.now()) this.#sessions.delete(secret)
    }
  }
}

function toFilter({ source, dyno, dyno_name, type }: LogSessionCreate): LogFilter {
  return {
    source: source === 'app' || source === 'heroku' ? source : undefined,
    process: dyno ?? dyno_name ?? type,
  }
}
