import type { Writable } from 'node:stream'

/** Until a stream takes more, or is over. */
export function drained(to: Writable): Promise<void> {
  if (to.destroyed || !to.writableNeedDrain) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      to.off('drain', done)
      to.off('close', done)
      resolve()
    }
    to.on('drain', done)
    to.on('close', done)
  })
}
