import { randomBytes } from 'node:crypto'
import { HearthError, notFound } from '../../contract/errors.ts'
import type { DynoExit, DynoTerminal } from '../../core/ports/dyno-runner.ts'

interface Entry {
  readonly dynoId: string
  readonly secret: string
  readonly terminal: DynoTerminal
  readonly exit: Promise<DynoExit>
  isTaken: boolean
}

/**
 * The terminals of attached one-off dynos. Each opens once, to whoever knows its secret, even when its dyno has ended
 * by then: `run echo hi` is faster than its reader.
 */
export class Terminals {
  readonly #entries = new Map<string, Entry>()

  create(dynoId: string, terminal: DynoTerminal, exit: Promise<DynoExit>): void {
    const secret = randomBytes(24).toString('base64url')
    this.#entries.set(dynoId, { dynoId, secret, terminal, exit, isTaken: false })
  }

  /** The secret of a dyno that has a terminal. */
  secret(dynoId: string): string | null {
    return this.#entries.get(dynoId)?.secret ?? null
  }

  take(secret: string): Omit<Entry, 'isTaken' | 'secret'> {
    const entry = [...this.#entries.values()].find((one) => one.secret === secret)
    if (!entry || entry.isTaken) throw notFound('terminal', 'it was opened before, or its dyno has ended')
    entry.isTaken = true
    void entry.exit.then(() => this.#entries.delete(entry.dynoId))
    return entry
  }

  resize(dynoId: string, columns: number, rows: number): void {
    const entry = this.#entries.get(dynoId)
    if (!entry) throw new HearthError('invalid_params', 'This dyno has no terminal to resize.')
    entry.terminal.resize(columns, rows)
  }

  /** Forgets a terminal that nobody opened; true when there was one. */
  forgetUntaken(dynoId: string): boolean {
    return this.#entries.get(dynoId)?.isTaken === false && this.#entries.delete(dynoId)
  }
}
