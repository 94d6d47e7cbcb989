import { randomBytes } from 'node:crypto'
import { HearthError } from '../../../contract/errors.ts'
import type { LogSessionCreate } from '../../../contract/logs/log-session.ts'
import { limits } from '../../../core/limits.ts'
import type { Caller } from '../../../core/ports/access/actor.ts'
import type { Clock } from '../../../core/ports/clock.ts'
import type { LogFilter, LogReading, LogStore } from '../../../core/ports/logs/log-store.ts'
import type { Seal } from '../seal.ts'

type Reader = Pick<Caller, 'id' | 'keyId'>

/** What a session's secret holds; it stands in a URL, so it is kept short. */
interface Session {
  readonly id: string
  readonly appId: string
  readonly caller: Reader
  readonly reading: LogReading
  readonly expiresAtMs: number
}

export interface LogSessionPorts {
  readonly logs: LogStore
  readonly clock: Clock
  readonly seal: Seal
  /** Whether somebody may read an app's log, now. */
  readonly mayRead: (caller: Reader, appId: string) => boolean
}

/** How a reader comes back to a session. */
export type ReadingAgain = Pick<LogReading, 'after' | 'format'>

const [minute, hour] = [60_000, 60 * 60_000]
/** Of a session that ends with its history: it is read once, soon. */
const lifetimeMs = 5 * minute
/** Of one that tails: a reader may lose its connection and come back. */
const tailLifetimeMs = 24 * hour

/**
 * Readers of apps' logs. What a session is stands in its secret, so it outlives the agent: a client that comes back after an
 * upgrade of the agent finds its session, and by the id of its last line what it missed.
 */
export class LogSessions {
  readonly #ports: LogSessionPorts
  /** Ends the reader of a session. */
  readonly #readers = new Map<string, { readonly appId: string; close(): void }>()
  /** Sessions that are read once and have been, with the time when their secret is worth nothing anyway. */
  readonly #used = new Map<string, number>()

  constructor(ports: LogSessionPorts) {
    this.#ports = ports
  }

  create(appId: string, { id, keyId }: Reader, wanted: LogSessionCreate): string {
    const { lines = 100, tail = false } = wanted
    const reading: LogReading = { lines, tail, filter: toFilter(wanted) }
    const expiresAtMs = this.#ports.clock.now() + (tail ? tailLifetimeMs : lifetimeMs)
    const session: Session = {
      id: randomBytes(12).toString('base64url'),
      appId,
      caller: { id, keyId },
      reading,
      expiresAtMs,
    }
    return this.#ports.seal.close(session)
  }

  /**
   * The session's lines; null when there is no such session (any more). A session that tails has one reader: whoever comes
   * again takes the place of who came before, since a connection that is lost is noticed late.
   */
  open(secret: string, again: ReadingAgain, signal: AbortSignal): AsyncIterable<Uint8Array> | null {
    const session = this.#ports.seal.open(secret) as Session | null
    if (!session || session.expiresAtMs <= this.#ports.clock.now()) return null
    if (!this.#ports.mayRead(session.caller, session.appId)) return null
    if (!session.reading.tail && !this.#use(session)) return null
    this.#readers.get(session.id)?.close()
    this.#refuseTooMany(session.appId)
    return this.#read(session, again, signal)
  }

  #read({ id, appId, reading }: Session, again: ReadingAgain, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const reader = this.#ports.logs.read(appId, { ...reading, ...again })
    const open = { appId, close: () => reader.close() }
    this.#readers.set(id, open)
    signal.addEventListener('abort', open.close, { once: true })
    if (signal.aborted) reader.close()
    const forget = () => {
      signal.removeEventListener('abort', open.close)
      if (this.#readers.get(id) === open) this.#readers.delete(id)
      reader.close()
    }
    return (async function* () {
      try {
        yield* reader
      } finally {
        forget()
      }
    })()
  }

  /** What a reader that does not read holds in memory is bounded, and so is how many of them there are. */
  #refuseTooMany(appId: string): void {
    const open = [...this.#readers.values()].filter((reader) => reader.appId === appId).length
    if (open < limits.logReadersPerApp) return
    throw new HearthError(
      'rate_limit',
      `${open} log sessions of this app are being read, as many as may be. Close some.`,
    )
  }

  #use({ id, expiresAtMs }: Session): boolean {
    for (const [used, until] of this.#used) if (until <= this.#ports.clock.now()) this.#used.delete(used)
    if (this.#used.has(id)) return false
    this.#used.set(id, expiresAtMs)
    return true
  }
}

function toFilter({ source, dyno, dyno_name, type }: LogSessionCreate): LogFilter {
  if (source !== undefined && source !== 'app' && source !== 'heroku') {
    const message = `There is no log source "${source}": it is "app" (dynos and people) or "heroku" (router and platform).`
    throw new HearthError('invalid_params', message)
  }
  return { source, process: dyno ?? dyno_name ?? type }
}
