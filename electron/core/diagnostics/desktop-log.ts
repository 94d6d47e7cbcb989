import { appendFile, readFile, rename, stat } from 'node:fs/promises'
import { Redactor } from './redact.ts'

const maximumBytes = 512 * 1024

/** What went wrong on this desktop, in a file that only its user reads; the older half is kept beside it. */
export class DesktopLog {
  readonly #path: string
  readonly #redactor = new Redactor()
  #writing: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  note(message: string, error?: unknown): void {
    const told = error === undefined ? message : `${message}: ${describe(error)}`
    const line = `${new Date().toISOString()} ${this.#redactor.redact(told)}\n`
    // Where the log itself can't be written there is nobody left to tell.
    this.#writing = this.#writing.then(() => this.#append(line)).catch(() => {})
  }

  /** Both files, the older first; empty when nothing ever went wrong. */
  async read(): Promise<string> {
    await this.#writing
    const parts = [this.#older, this.#path].map((path) => readFile(path, 'utf8').catch(() => ''))
    return (await Promise.all(parts)).join('')
  }

  async close(): Promise<void> {
    await this.#writing
  }

  get #older(): string {
    return `${this.#path}.1`
  }

  async #append(line: string): Promise<void> {
    const size = await stat(this.#path).then(
      (found) => found.size,
      () => 0,
    )
    if (size > maximumBytes) await rename(this.#path, this.#older)
    await appendFile(this.#path, line, { mode: 0o600 })
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
