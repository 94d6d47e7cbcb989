import type { Readable, Writable } from 'node:stream'

/**
 * A Node stream as a web stream, read only as fast as it is consumed. An error ends it: for a terminal EIO is the
 * ordinary end, and for a pipe whose process is gone there is nothing more to tell either.
 */
export function toReadableStream(source: Readable): ReadableStream<Uint8Array> {
  let isOver = false
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const end = () => {
          if (isOver) return
          isOver = true
          controller.close()
        }
        source.on('data', (chunk: Buffer) => {
          if (isOver) return
          controller.enqueue(chunk)
          if ((controller.desiredSize ?? 0) <= 0) source.pause()
        })
        source.once('end', end)
        source.once('error', end)
        source.once('close', end)
      },
      pull() {
        source.resume()
      },
      cancel() {
        isOver = true
        source.destroy()
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 256 * 1024 }),
  )
}

/** Resolves each write when the other side took it; writes to a stream that is gone are forgotten. */
export function toWritableStream(target: Writable): WritableStream<Uint8Array> {
  target.on('error', () => {})
  return new WritableStream<Uint8Array>({
    write(chunk) {
      return new Promise<void>((resolve) => {
        if (target.destroyed || target.writableEnded) resolve()
        else target.write(chunk, () => resolve())
      })
    },
    close() {
      // A terminal has no half-closed state: its user ends the input by typing Ctrl-D.
      if ('isRaw' in target) target.write('\x04')
      else target.end()
    },
    abort() {
      target.destroy()
    },
  })
}
