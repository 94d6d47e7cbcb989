import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron'
import type { ShellEvent } from '../bridge/contract-shell.ts'
import type { BridgeLog } from '../bridge/serve.ts'
import { backOffMs } from '../core/servers/back-off.ts'
import { type ShellAnswers, shellCalls, type ToCore, type ToShell, toShell } from '../core-process/messages.ts'

export interface CoreProcessOptions {
  /** The bundle that the process runs. */
  readonly path: string
  readonly answers: ShellAnswers
  /** Asked when the core ends again and again; false gives up. */
  readonly wantsAnotherTry: (lastWords: string) => Promise<boolean>
  readonly log: BridgeLog
}

const backOff = { firstMs: 200, maximumMs: 10_000 }
/** Ends in a row, each soon after its start, before the user is asked. */
const maximumEnds = 4
/** A core that was open this long did not die of its start. */
const steadyMs = 60_000
/** From being told to close to being killed: the embedded server has ten seconds of its own to end. */
const closeMs = 20_000
const keptWords = 2048

/**
 * Keeps the core running in a process of its own, so that neither its crash nor its work stops the window. This process hands
 * ports over and answers what only Electron can do; no byte of a deploy passes through it.
 */
export class CoreProcess {
  readonly #options: CoreProcessOptions
  #child: UtilityProcess | null = null
  /** Windows that asked while no core ran. */
  #waiting: MessagePortMain[] = []
  #untold: ShellEvent[] = []
  #timer: NodeJS.Timeout | undefined
  #readyAt: number | null = null
  #endsInARow = 0
  #isClosing = false

  constructor(options: CoreProcessOptions) {
    this.#options = options
  }

  start(previousEnd: string | null = null): void {
    const child = utilityProcess.fork(this.#options.path, [], {
      serviceName: 'Hearth core',
      stdio: ['ignore', 'inherit', 'pipe'],
    })
    this.#child = child
    this.#readyAt = null
    const lastWords = keepLastWords(child)
    child.on('message', (message) => void this.#take(child, message))
    child.once('exit', (status) => void this.#ended(status, lastWords()))
    send(child, { kind: 'start', previousEnd })
    for (const port of this.#waiting.splice(0)) send(child, { kind: 'window' }, [port])
    for (const event of this.#untold.splice(0)) send(child, { kind: 'event', event })
  }

  /** Gives the port to the core that runs now, or to the next one. */
  serveWindow(port: MessagePortMain): void {
    if (this.#child) send(this.#child, { kind: 'window' }, [port])
    else this.#waiting.push(port)
  }

  /** Tells the window, through the core that runs now or the next one. */
  tell(event: ShellEvent): void {
    if (this.#child) send(this.#child, { kind: 'event', event })
    else this.#untold.push(event)
  }

  /** Resolves once the core has written what it had to write and is gone. */
  async close(): Promise<void> {
    this.#isClosing = true
    clearTimeout(this.#timer)
    const child = this.#child
    if (!child) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    send(child, { kind: 'close' })
    const kill = setTimeout(() => child.kill(), closeMs)
    await gone
    clearTimeout(kill)
  }

  async #take(child: UtilityProcess, data: unknown): Promise<void> {
    const message = toShell.safeParse(data).data
    if (!message) this.#options.log.error('The core sent what the shell does not know', 'dropped')
    else if (message.kind === 'ready') this.#readyAt = performance.now()
    else {
      const answer = await this.#answer(message)
      // The one that asked, not the one that runs by now.
      if (this.#child === child) send(child, answer)
    }
  }

  async #answer({ id, name, parameters }: Extract<ToShell, { kind: 'ask' }>): Promise<ToCore> {
    try {
      const answer = this.#options.answers[name] as (parameters: unknown) => unknown
      const result = await answer(shellCalls[name].parameters.parse(parameters))
      return { kind: 'answer', id, result: shellCalls[name].result.parse(result) }
    } catch (error) {
      this.#options.log.error(`The shell could not answer ${name}`, error)
      return { kind: 'refusal', id, message: error instanceof Error ? error.message : String(error) }
    }
  }

  async #ended(status: number, lastWords: string): Promise<void> {
    const { log, wantsAnotherTry } = this.#options
    this.#child = null
    if (this.#isClosing) return
    const wasSteady = this.#readyAt !== null && performance.now() - this.#readyAt > steadyMs
    this.#endsInARow = wasSteady ? 1 : this.#endsInARow + 1
    const how = `status ${status}`
    log.error(`The core ended with ${how} and is started again`, lastWords)
    if (this.#endsInARow > maximumEnds) {
      if (!(await wantsAnotherTry(lastWords || `It ended with ${how}.`))) return
      this.#endsInARow = 0
    }
    const pauseMs = backOffMs(Math.max(0, this.#endsInARow - 1), Math.random(), backOff)
    this.#timer = setTimeout(() => this.start(how), pauseMs)
  }
}

function send(child: UtilityProcess, message: ToCore, ports: MessagePortMain[] = []): void {
  child.postMessage(message, ports)
}

/** Passes on what the core prints, and keeps the end of it for whoever has to explain. */
function keepLastWords(child: UtilityProcess): () => string {
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk)
    words = (words + chunk.toString('utf8')).slice(-keptWords)
  })
  return () => words.trim()
}
