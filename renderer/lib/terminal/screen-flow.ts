import { type Frames, windowFrames } from './frames.ts'

/** What is written to; xterm's `write` calls back when it has parsed the piece. */
export interface Screen<Piece extends string | Uint8Array> {
  write(piece: Piece, done: () => void): void
}

/** xterm parses this much in about a millisecond. */
const pieceLength = 16 * 1024
/** From the beginning of a frame on pieces are parsed for so long: what comes next has to be read and coloured too, and all be drawn. */
const budgetMs = 7
const frameMs = 16
/** Taken and not parsed yet: what the next frames are filled with. */
const aheadLength = 512 * 1024

/**
 * Writes onto a screen as much as there is time for in each frame, and holds back whoever writes faster than that. Left to itself
 * xterm parses for 12 ms before it lets the page draw, which makes it miss every third frame of a flood. A piece that follows from
 * within the callback of the one before is parsed at once: xterm waits for a timer whenever it has nothing left.
 */
export class ScreenFlow<Piece extends string | Uint8Array> {
  readonly #screen: Screen<Piece>
  readonly #frames: Frames
  #queue: Piece[] = []
  #ahead = 0
  #isWriting = false
  #frameStart = Number.NEGATIVE_INFINITY
  #wake: (() => void)[] = []
  #isDrained: (() => void)[] = []

  constructor(screen: Screen<Piece>, frames: Frames = windowFrames) {
    this.#screen = screen
    this.#frames = frames
  }

  /** In order; resolves when there is room for more. */
  async write(whole: Piece): Promise<void> {
    for (let at = 0; at < whole.length; at += pieceLength) this.#queue.push(cut(whole, at))
    this.#ahead += whole.length
    if (!this.#isWriting) this.#begin()
    while (this.#ahead >= aheadLength) await new Promise<void>((resolve) => this.#wake.push(resolve))
  }

  /** Resolves when all that was written is on the screen. */
  async drain(): Promise<void> {
    if (this.#ahead > 0) await new Promise<void>((resolve) => this.#isDrained.push(resolve))
  }

  /** Whoever writes is held back no more, and what waits does not come: the screen belongs to somebody else from here on. */
  close(): void {
    const waiting = this.#queue.splice(0)
    this.#passed(waiting.reduce((sum, { length }) => sum + length, 0))
  }

  #begin(): void {
    const now = this.#frames.now()
    // What was idle for longer than a frame begins at once; nobody who types waits for one.
    if (now - this.#frameStart >= frameMs) this.#frameStart = now
    this.#isWriting = true
    this.#writeNext()
  }

  #writeNext(): void {
    const piece = this.#queue.shift()
    if (piece === undefined) {
      this.#isWriting = false
      return
    }
    this.#screen.write(piece, () => {
      this.#passed(piece.length)
      if (this.#frames.now() - this.#frameStart < budgetMs) return this.#writeNext()
      this.#frames.next(() => {
        this.#frameStart = this.#frames.now()
        this.#writeNext()
      })
    })
  }

  #passed(length: number): void {
    this.#ahead -= length
    if (this.#ahead < aheadLength) for (const wake of this.#wake.splice(0)) wake()
    if (this.#ahead === 0) for (const tell of this.#isDrained.splice(0)) tell()
  }
}

function cut<Piece extends string | Uint8Array>(whole: Piece, at: number): Piece {
  const end = at + pieceLength
  return (typeof whole === 'string' ? whole.slice(at, end) : whole.subarray(at, end)) as Piece
}
