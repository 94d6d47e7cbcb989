import { randomUUID } from 'node:crypto'
import { logTexts } from '../../../core/logs/log-texts.ts'
import type { Clock } from '../../../core/ports/clock.ts'
import type { Drain, Drains } from '../../../core/ports/logs/drain.ts'
import type { LogStore } from '../../../core/ports/logs/log-store.ts'
import type { LogDrainRow } from '../../../core/ports/store.ts'
import type { Background } from '../background.ts'

const firstRetryMs = 1000
const longestRetryMs = 60_000
/** A destination that takes one sending and refuses the next must not make the log speak of nothing else. */
const sayEveryMs = 60_000

export interface LogDrainPorts {
  readonly drains: Drains
  readonly logs: LogStore
  readonly clock: Clock
  readonly background: Background
}

/**
 * Sends each drain the lines of its app's log as they come. One that can't be reached is tried again, further and further
 * apart; meanwhile its lines wait in the log's own bounded queue, which counts what it drops.
 */
export class LogDrains {
  readonly #ports: LogDrainPorts
  readonly #running = new Map<string, AbortController>()

  constructor(ports: LogDrainPorts) {
    this.#ports = ports
  }

  start(row: LogDrainRow): void {
    const controller = new AbortController()
    this.#running.set(row.id, controller)
    const { background } = this.#ports
    const signal = AbortSignal.any([background.signal, controller.signal])
    background.run(`sending to the drain ${row.token}`, () => this.#follow(row, signal))
  }

  /** What was not sent yet is not sent. */
  stop(id: string): void {
    this.#running.get(id)?.abort()
    this.#running.delete(id)
  }

  async #follow(row: LogDrainRow, signal: AbortSignal): Promise<void> {
    const { drains, logs } = this.#ports
    const reader = logs.read(row.appId, { lines: 0, tail: true, filter: {} })
    const close = () => reader.close()
    signal.addEventListener('abort', close, { once: true })
    const drain = drains.open(row)
    const health = new DrainHealth(row, this.#ports)
    try {
      for await (const lines of reader) await this.#send({ drain, health, lines }, signal)
    } catch (error) {
      // It was removed, or the agent closes.
      if (!signal.aborted) throw error
    } finally {
      signal.removeEventListener('abort', close)
      reader.close()
      drain.close()
    }
  }

  async #send(
    { drain, health, lines }: { drain: Drain; health: DrainHealth; lines: Uint8Array },
    signal: AbortSignal,
  ): Promise<void> {
    const frameId = randomUUID().replaceAll('-', '')
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted()
      try {
        const answer = await drain.send(lines, frameId, signal)
        health.note(answer.kind === 'taken' ? null : { reason: answer.reason, isUntrusted: false })
        return
      } catch (error) {
        if (signal.aborted) throw error
        health.note(describe(error))
        const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** attempt)
        // Many drains of one destination must not come back all at once.
        await this.#ports.clock.delay(longest * (0.5 + Math.random() / 2), signal)
      }
    }
  }
}

interface DrainProblem {
  readonly reason: string
  /** It shows a certificate that can't be trusted. */
  readonly isUntrusted: boolean
}

/** Tells the app's log when a drain fails and when it works again: not more often, since it sends that very log. */
class DrainHealth {
  readonly #row: LogDrainRow
  readonly #ports: Pick<LogDrainPorts, 'logs' | 'clock'>
  /** What was said last. */
  #isFailing = false
  #saidAtMs = Number.NEGATIVE_INFINITY

  constructor(row: LogDrainRow, ports: Pick<LogDrainPorts, 'logs' | 'clock'>) {
    this.#row = row
    this.#ports = ports
  }

  /** Null is health. */
  note(problem: DrainProblem | null): void {
    const { logs, clock } = this.#ports
    const isFailing = problem !== null
    const now = clock.now()
    if (isFailing === this.#isFailing || now - this.#saidAtMs < sayEveryMs) return
    this.#isFailing = isFailing
    this.#saidAtMs = now
    const { appId, token } = this.#row
    const text = isFailing
      ? logTexts.drainFails(token, problem.reason, problem.isUntrusted)
      : logTexts.drainWorks(token)
    logs.writeLine(appId, 'logplex', text)
  }
}

/** What TLS says of a certificate that it does not take: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const untrusted =
  /^(CERT_|CRL_|DEPTH_ZERO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|SELF_SIGNED_|UNABLE_TO_)/

function describe(error: unknown): DrainProblem {
  if (!(error instanceof Error)) return { reason: String(error), isUntrusted: false }
  return { reason: error.message, isUntrusted: 'code' in error && untrusted.test(String(error.code)) }
}
