import type { Readable } from 'node:stream'
import { type BucketLimits, refill } from '../core/token-bucket.ts'

/** Long enough that many bytes are read at once afterwards, and short enough that no request waits for it. */
const minimumPauseMs = 10

/**
 * Hands on what a stream gives, at a pace: who writes faster waits for a moment at a time, by the pipe's own back-pressure, and
 * never for long. What nobody can read that fast need not be written that fast, and a writer that waits takes no CPU from others.
 */
export function readPaced(stream: Readable, pace: BucketLimits, onBytes: (bytes: Buffer) => void): void {
  let bucket = { tokens: pace.capacity, atMs: performance.now() }
  let timer: NodeJS.Timeout | null = null
  const goOn = () => {
    timer = null
    stream.resume()
  }
  stream.on('data', (bytes: Buffer) => {
    const { tokens, atMs } = refill(bucket, performance.now(), pace)
    bucket = { tokens: tokens - bytes.length, atMs }
    if (bucket.tokens < 0 && timer === null) {
      stream.pause()
      timer = setTimeout(goOn, Math.max(minimumPauseMs, (-1000 * bucket.tokens) / pace.perSecond))
    }
    onBytes(bytes)
  })
  stream.on('close', () => timer && clearTimeout(timer))
}
