import type { TerminalKind } from '../../../contract/dynos/terminal.ts'
import { HearthError, notFound } from '../../../contract/errors.ts'
import type { DynoExit, DynoTerminal } from '../../../core/ports/dynos/dyno-runner.ts'

/** A terminal and how its dyno will have ended. */
export interface OpenedTerminal {
  readonly terminal: DynoTerminal
  readonly exit: Promise<DynoExit>
}

interface ExpectedTerminal {
  readonly dynoId: string
  /** Opens it, to whoever knows it. */
  readonly secret: string
  /** Starts the dyno; null leaves what its terminal is to how it was created. */
  readonly open: (kind: TerminalKind | null) => Promise<OpenedTerminal>
}

/** The terminals of attached one-off dynos: each waits for its one client, or is open. */
export class Terminals {
  /** By secret. */
  readonly #expected = new Map<string, ExpectedTerminal>()
  /** By dyno. */
  readonly #open = new Map<string, DynoTerminal | null>()

  expect(expected: ExpectedTerminal): void {
    this.#expected.set(expected.secret, expected)
  }

  async open(secret: string, kind: TerminalKind | null): Promise<OpenedTerminal & { readonly dynoId: string }> {
    const expected = this.#expected.get(secret)
    if (!expected) throw notFound('terminal', 'it was opened before, nobody opened it in time, or its dyno was stopped')
    const { dynoId } = expected
    // Used up before anything is waited for: of two who come at once, one is too late.
    this.#expected.delete(secret)
    this.#open.set(dynoId, null)
    try {
      const opened = await expected.open(kind)
      this.#open.set(dynoId, opened.terminal)
      void opened.exit.then(() => this.#open.delete(dynoId))
      return { ...opened, dynoId }
    } catch (error) {
      this.#open.delete(dynoId)
      throw error
    }
  }

  resize(dynoId: string, columns: number, rows: number): void {
    const terminal = this.#open.get(dynoId)
    if (terminal === undefined) throw new HearthError('invalid_params', 'This dyno has no terminal to resize.')
    terminal?.resize(columns, rows)
  }

  /** Expects the terminal no more; true when it had been expected. */
  giveUp(dynoId: string): boolean {
    const expected = [...this.#expected.values()].find((one) => one.dynoId === dynoId)
    return expected !== undefined && this.#expected.delete(expected.secret)
  }
}
