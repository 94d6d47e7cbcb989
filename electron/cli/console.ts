import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import type { ReadStream, WriteStream } from 'node:tty'

/** Standard input, output and errors of a command. What is for programs goes to `out`, what is for people beside it. */
export class Console {
  readonly isJson: boolean

  constructor(isJson: boolean) {
    this.isJson = isJson
  }

  get input(): ReadStream {
    return process.stdin
  }

  get output(): WriteStream {
    return process.stdout
  }

  /** Both ends are a person's: only then may a command ask. */
  get isInteractive(): boolean {
    return this.input.isTTY === true && process.stderr.isTTY === true && !this.isJson
  }

  /** Waits until there is room: a reader that is slow slows us, not our memory. */
  async write(bytes: Uint8Array | string): Promise<void> {
    if (!this.output.write(bytes)) await Promise.race([once(this.output, 'drain'), once(this.output, 'close')])
  }

  /** What a program says beside its output. */
  async writeErrors(bytes: Uint8Array): Promise<void> {
    const { stderr } = process
    if (!stderr.write(bytes)) await Promise.race([once(stderr, 'drain'), once(stderr, 'close')])
  }

  /** For people only; with --json errors are all that is said there. */
  note(line: string): void {
    if (!this.isJson) process.stderr.write(`${line}\n`)
  }

  /** Progress that would spoil a document: standard output for people, nowhere for programs. */
  async progress(bytes: Uint8Array | string): Promise<void> {
    if (!this.isJson) await this.write(bytes)
  }

  async ask(question: string): Promise<string> {
    const lines = createInterface({ input: this.input, output: process.stderr })
    try {
      return (await lines.question(question)).trim()
    } finally {
      lines.close()
    }
  }

  async readAll(): Promise<string> {
    const chunks: Buffer[] = []
    for await (const chunk of this.input as AsyncIterable<Buffer>) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks).toString('utf8')
  }
}
