import type { RouterKeeper } from '../core/ports/routing/router-keeper.ts'
import type { CommandLine } from '../exec/command.ts'
import { type StreamingCommand, startCommand } from '../exec/command.ts'

export interface RouterProcessOptions {
  readonly command: CommandLine
  readonly environment: Readonly<Record<string, string>>
  readonly onEnd: (message: string) => void
}

const restartDelayMs = 500
const stopGraceMs = 5_000

/** Keeps a router running beside an agent that has no systemd to do it: started again half a second after it ends. */
export class RouterProcess implements RouterKeeper {
  readonly #options: RouterProcessOptions
  #running: StreamingCommand | null = null
  #timer: NodeJS.Timeout | null = null
  #isClosed = false

  constructor(options: RouterProcessOptions) {
    this.#options = options
  }

  async open(): Promise<void> {
    const { command, environment, onEnd } = this.#options
    const running = await startCommand(command, { environment, stdio: ['pipe', 'inherit', 'inherit'] })
    this.#running = running
    void running.exit.then(({ status, signal }) => {
      if (this.#isClosed || this.#running !== running) return
      onEnd(`The router ended (${signal ?? `status ${status}`}) and is started again`)
      this.#timer = setTimeout(() => void this.open().catch((error) => onEnd(String(error))), restartDelayMs)
    })
  }

  /** With the same program: this agent's own. */
  async restart(): Promise<void> {
    await this.#end()
    await this.open()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#end()
  }

  async #end(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    const running = this.#running
    this.#running = null
    if (!running) return
    running.kill('SIGTERM')
    const timer = setTimeout(() => running.kill('SIGKILL'), stopGraceMs)
    await running.exit
    clearTimeout(timer)
  }
}
