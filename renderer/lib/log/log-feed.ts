import { type Screen, ScreenFlow } from '../terminal/screen-flow.ts'
import { renderMark, timeOf } from '../terminal/stream-mark.ts'
import { colourLogLine } from './log-line.ts'
import { SeenLines } from './seen-lines.ts'

/** What a paused pane keeps in memory. Beyond it the stream is held back, and the server counts what it drops. */
export const pauseBoundBytes = 8 * 1024 * 1024

export interface FeedState {
  isPaused: boolean
  lines: number
  /** Arrived while paused and not shown yet. */
  waitingLines: number
  waitingBytes: number
}

/**
 * Brings a log's bytes to the screen: whole lines, coloured. While paused nothing is lost up to
 * the bound; at the bound reading stops, so that the stream's credit holds back the sender. It follows one stream after
 * another into the same screen: a mark stands where one broke off, and no line is shown twice.
 */
export class LogFeed {
  readonly #screen: ScreenFlow<string>
  readonly #onState: (state: FeedState) => void
  readonly #now: () => Date
  readonly #seen = new SeenLines()
  #decoder = new TextDecoder()
  #state: FeedState = { isPaused: false, lines: 0, waitingLines: 0, waitingBytes: 0 }
  #waiting: string[] = []
  #rest = ''
  #resume: (() => void) | null = null
  #hasFollowed = false
  #isBroken = false

  constructor(screen: Screen<string>, onState: (state: FeedState) => void, now: () => Date = () => new Date()) {
    this.#now = now
    this.#screen = new ScreenFlow(screen)
    this.#onState = onState
  }

  async follow(bytes: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
    if (this.#hasFollowed) this.breakOff()
    this.#hasFollowed = true
    this.#isBroken = false
    const reader = bytes.getReader()
    signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true })
    for (;;) {
      await this.#roomToRead(signal)
      const { value, done } = await reader.read()
      if (signal.aborted) return
      if (value) await this.#take(this.#decoder.decode(value, { stream: true }))
      if (done) return
    }
  }

  /** The stream came to its end: a last line without its end is a line. */
  async end(): Promise<void> {
    if (this.#rest) await this.#take('\n')
  }

  /** The stream was lost: says so where it happened. What was torn comes again as a whole. */
  breakOff(): void {
    if (!this.#hasFollowed || this.#isBroken) return
    this.#isBroken = true
    this.#rest = ''
    this.#decoder = new TextDecoder()
    this.#seen.expectAgain()
    void this.#put(renderMark(`the stream broke at ${timeOf(this.#now())}`))
  }

  pause(): void {
    this.#update({ isPaused: true })
  }

  async resume(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    this.#update({ isPaused: false, waitingLines: 0, waitingBytes: 0 })
    await Promise.all(waiting.map((text) => this.#screen.write(text)))
    this.#resume?.()
  }

  /** Nothing more comes to the screen, also not what waits: it is shown something else. */
  close(): void {
    this.#screen.close()
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
    const { lines, joint } = this.#seen.take(whole.slice(0, end).split('\n'))
    if (joint) await this.#put(renderMark(`goes on at ${timeOf(this.#now())}: ${jointTexts[joint]}`))
    if (lines.length === 0) return
    this.#update({ lines: this.#state.lines + lines.length })
    await this.#put(`${lines.map(colourLogLine).join('\r\n')}\r\n`, lines.length)
  }

  async #put(text: string, lines = 0): Promise<void> {
    if (!this.#state.isPaused) return this.#screen.write(text)
    this.#waiting.push(text)
    this.#update({
      waitingLines: this.#state.waitingLines + lines,
      waitingBytes: this.#state.waitingBytes + text.length,
    })
  }

  #update(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change }
    this.#onState(this.#state)
  }
}

const jointTexts = {
  whole: 'no line is missing',
  gap: 'lines before this one are missing, more came meanwhile than are kept for a reader',
}
