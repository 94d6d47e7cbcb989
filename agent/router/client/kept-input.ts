import type { Readable } from 'node:stream'
import { pieceBytes } from '../buffered-bytes.ts'

/**
 * Tells with each change how much a stream has got that nobody has taken yet. One that is paused goes on to get what its sender was
 * promised before, and no event says so: `push` is where it comes in.
 */
export function followKept(stream: Readable, onChange: (byBytes: number) => void): void {
  let pieces = 0
  let kept = 0
  const tell = () => {
    const now = stream.destroyed ? 0 : stream.readableLength + pieces * pieceBytes
    const change = now - kept
    kept = now
    if (change !== 0) onChange(change)
  }
  const push = stream.push.bind(stream)
  stream.push = (piece, encoding) => {
    if (piece !== null) pieces++
    const mayGoOn = push(piece, encoding)
    tell()
    return mayGoOn
  }
  stream.on('data', () => {
    // What came before this was called was not counted.
    pieces = Math.max(0, pieces - 1)
    tell()
  })
  stream.on('close', tell)
  tell()
}
