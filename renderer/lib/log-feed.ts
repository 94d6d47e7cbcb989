import { colourLogLine } from './log-line.ts'

/** What a paused pane keeps in memory. Beyond it the stream is held back, and the server counts what it drops. */
export const pauseBoundBytes = 8 * 1024 * 1024
const chunkCharacters = 64 * 1024

export interface LogScreen {
  write(text: string, done: () => void): void
}

export interface FeedState {
  isPaused: boolean
  lines: number
  /** Arrived while paused and not shown yet. */
  waitingLines: number
  waitingBytes: number
}

/**
 * Brings a log's bytes to the screen: whole lines, coloured, one piece at a time. While paused nothing is lost up to
 * the bound; at the bound reading stops, so that the stream's credit holds back the sender.
 */
export class LogFeed {
  readonly #screen: LogScreen
  readonly #onState: (state: FeedState) => void
  readonly #decoder = new TextDecoder()
  #state: FeedState = { isPaused: false, lines: 0, waitingLines: 0, waitingBytes: 0 }
  #waiting: string[] = []
  #rest = ''
  #resume: (() => void) | null = null

  constructor(screen: LogScreen, onState: (state: FeedState) => void) {
    this.#screen = screen
    this.#onState = onState
  }

  async follow(bytes: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
    const reader = bytes.getReader()
    signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true })
    for (;;) {
      await this.#roomToRead(signal)
      const { value, done } = await reader.read()
      if (signal.aborted) return
      if (value) await this.#take(this.#decoder.decode(value, { stream: true }))
      if (!done) continue
      if (this.#rest) await this.#take('\n')
      return
    }
  }

  pause(): void {
    this.#update({ isPaused: true })
  }

  async resume(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    this.#update({ isPaused: false, waitingLines: 0, waitingBytes: 0 })
    for (const text of waiting) await this.#show(text)
    this.#resume?.()
  }

  async #roomToRead(signal: AbortSignal): Promise<void> {
    while (this.#state.isPaused && this.#state.waitingBytes >= pauseBoundBytes && !signal.aborted)
      await new Promise<void>((resolve) => {
        this.#resume = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
  }

  async #take(text: string): Promise<void> {
    const whole = this.#rest + text
    const end = whole.lastIndexOf('\n')
    this.#rest = whole.slice(end + 1)
    if (end < 0) return
    const lines = whole.slice(0, end).split('\n')
    const shown = lines.map(colourLogLine)
    if (!this.#state.isPaused) {
      this.#update({ lines: this.#state.lines + lines.length })
      return this.#show(`${shown.join('\r\n')}\r\n`)
    }
    const held = `${shown.join('\r\n')}\r\n`
    this.#waiting.push(held)
    this.#update({
      lines: this.#state.lines + lines.length,
      waitingLines: this.#state.waitingLines + lines.length,
      waitingBytes: this.#state.waitingBytes + held.length,
    })
  }

  async #show(text: string): Promise<void> {
    for (let at = 0; at < text.length; at += chunkCharacters)
      await new Promise<void>((resolve) => this.#screen.write(text.slice(at, at + chunkCharacters), resolve))
  }

  #update(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change }
    this.#onState(this.#state)
  }
}
