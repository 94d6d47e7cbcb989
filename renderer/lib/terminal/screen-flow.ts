/** What is written to; xterm's `write` calls back when it has parsed the piece. */
export interface Screen<Piece extends string | Uint8Array> {
  write(piece: Piece, done: () => void): void
}

/** xterm parses this much in well under a frame; larger pieces make it stutter. */
const pieceLength = 64 * 1024
/**
 * Written and not parsed yet. xterm takes as many pieces as fit into 12 ms and then lets the page draw; each time that it has
 * nothing left it waits for a timer, which costs 4 ms. One small piece at a time kept a log at 16,000 lines a second.
 */
const aheadLength = 512 * 1024

/** Writes onto a screen some way ahead of it, and holds back whoever writes faster than it can parse. */
export class ScreenFlow<Piece extends string | Uint8Array> {
  readonly #screen: Screen<Piece>
  #ahead = 0
  #wake: (() => void)[] = []
  #isDrained: (() => void)[] = []

  constructor(screen: Screen<Piece>) {
    this.#screen = screen
  }

  /** In order; resolves when there is room for more. */
  async write(whole: Piece): Promise<void> {
    for (let at = 0; at < whole.length; at += pieceLength) this.#writePiece(cut(whole, at))
    while (this.#ahead >= aheadLength) await new Promise<void>((resolve) => this.#wake.push(resolve))
  }

  /** Resolves when all that was written is on the screen. */
  async drain(): Promise<void> {
    if (this.#ahead > 0) await new Promise<void>((resolve) => this.#isDrained.push(resolve))
  }

  #writePiece(piece: Piece): void {
    this.#ahead += piece.length
    this.#screen.write(piece, () => {
      this.#ahead -= piece.length
      if (this.#ahead < aheadLength) for (const wake of this.#wake.splice(0)) wake()
      if (this.#ahead === 0) for (const tell of this.#isDrained.splice(0)) tell()
    })
  }
}

function cut<Piece extends string | Uint8Array>(whole: Piece, at: number): Piece {
  const end = at + pieceLength
  return (typeof whole === 'string' ? whole.slice(at, end) : whole.subarray(at, end)) as Piece
}
