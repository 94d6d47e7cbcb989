import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { HearthError } from '../contract/errors.ts'
import type { RouterKeeper } from '../core/ports/routing/router-keeper.ts'
import { type CommandLine, type StreamingCommand, startCommand } from '../exec/command.ts'
import { PortRecord } from './port-record.ts'

export interface RouterProcessOptions {
  /** Begins the router; which port it is to take is added. */
  readonly command: CommandLine
  readonly environment: Readonly<Record<string, string>>
  /** Taken if nobody else has it, else one of the next; from then on the one that was taken. */
  readonly port: number
  /** Keeps the port from one start of the agent to the next. */
  readonly portRecord: string
  readonly note: (message: string) => void
  /** For tests: how long it may take to listen. */
  readonly patienceMs?: number
}

const restartDelayMs = 500
/** A router of before, whose agent was killed, finishes what it has begun and holds the sockets until then. */
const defaultPatienceMs = 20_000
const stopGraceMs = 5_000

/** Keeps a router running beside an agent that has no systemd to do it: started again half a second after it ends. */
export class RouterProcess implements RouterKeeper {
  readonly #options: RouterProcessOptions
  readonly #record: PortRecord
  readonly #closing = new AbortController()
  #port: number
  #running: StreamingCommand | null = null

  constructor(options: RouterProcessOptions) {
    this.#options = options
    this.#record = new PortRecord(options.portRecord, options.port)
    this.#port = options.port
  }

  /** Where it takes HTTP, once it is open. */
  get port(): number {
    return this.#port
  }

  /** Resolves when it listens. Throws when it did not for some time. */
  async open(): Promise<void> {
    const { signal } = this.#closing
    const deadline = performance.now() + (this.#options.patienceMs ?? defaultPatienceMs)
    for (; ; await delay(restartDelayMs, undefined, { signal })) {
      const failure = await this.#start().catch((error: Error) => error)
      if (!failure) return
      if (signal.aborted || performance.now() > deadline) throw failure
      this.#options.note(`${failure.message} It is started again.`)
    }
  }

  /** With the same program: this agent's own. */
  async restart(): Promise<void> {
    await this.#end()
    await this.open()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#end()
  }

  async #start(): Promise<void> {
    const { command, environment } = this.#options
    const wanted = await this.#record.read()
    const running = await startCommand([...command, '--router-port', String(wanted), '--choose-port'], {
      environment,
      stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
    })
    this.#running = running
    if (this.#closing.signal.aborted) running.kill('SIGTERM')
    this.#port = await readPort(running.child.stdio[3] as Readable)
    void this.#keep(running)
    // The next start looks for a port anew where that fails, and nothing else is lost.
    if (this.#port !== wanted)
      await this.#record
        .write(this.#port)
        .catch((error: Error) => this.#options.note(`The router's port is not kept: ${error.message}`))
  }

  async #keep(running: StreamingCommand): Promise<void> {
    const { status, signal } = await running.exit
    if (this.#running !== running) return
    this.#options.note(`The router ended (${signal ?? `status ${status}`}) and is started again`)
    for (;;) {
      await delay(restartDelayMs, undefined, { signal: this.#closing.signal }).catch(() => {})
      // It is closed, or somebody else started it anew.
      if (this.#running !== running) return
      const failure = await this.open().catch((error: Error) => error)
      if (!failure) return
      this.#options.note(failure.message)
    }
  }

  async #end(): Promise<void> {
    const running = this.#running
    this.#running = null
    if (!running) return
    running.kill('SIGTERM')
    const timer = setTimeout(() => running.kill('SIGKILL'), stopGraceMs)
    await running.exit
    clearTimeout(timer)
  }
}

/** `8750`, and the end; nothing from a router that could not listen. */
async function readPort(report: Readable): Promise<number> {
  let said = ''
  for await (const chunk of report) said += String(chunk)
  if (/^\d+\n$/.test(said)) return Number(said)
  throw new HearthError('unavailable', 'The router of this computer ended before it listened.')
}
