import { startTransition, useEffect, useState } from 'react'

/** A window that shows nothing draws no frames. */
const mostMs = 100

/** Runs once what was drawn last is on the screen. Returns what takes it back. */
function afterPaint(act: () => void): () => void {
  const timers = [setTimeout(act, mostMs)]
  // A frame begins; it has been painted when the next task runs.
  const frame = requestAnimationFrame(() => {
    clearTimeout(timers.pop())
    timers.push(setTimeout(act))
  })
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timers.pop())
  }
}

/**
 * A value one painting later, null before the first: a click is answered by what is drawn at once, and what needs this value is made
 * after that, in pieces that a key or a click comes between. (`useDeferredValue` may come before the painting.)
 */
export function useAfterPaint<T>(value: T): T | null {
  const [painted, setPainted] = useState<T | null>(null)
  useEffect(() => afterPaint(() => startTransition(() => setPainted(value))), [value])
  return painted
}
