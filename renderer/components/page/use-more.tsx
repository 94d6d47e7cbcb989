import { type ReactNode, useEffect, useRef, useState } from 'react'

/** So far below what is in sight the next ones are made. */
const aheadPixels = 800

/**
 * How many of a long list's items to make: some, and more of them as its end comes near. `end` goes after the last one. What can be
 * scrolled through needs no more than that; each item made costs a click that leads to the list a part of a millisecond.
 */
export function useMore(total: number, step: number): { shown: number; end: ReactNode } {
  const [wanted, setWanted] = useState(step)
  const sentinel = useRef<HTMLDivElement>(null)
  const shown = Math.min(total, wanted)
  // biome-ignore lint/correctness/useExhaustiveDependencies: an end that stays near is told of only once
  useEffect(() => {
    if (!sentinel.current) return
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && setWanted((count) => count + step),
      { rootMargin: `${aheadPixels}px` },
    )
    observer.observe(sentinel.current)
    return () => observer.disconnect()
  }, [shown, shown < total, step])
  return { shown, end: shown < total ? <div ref={sentinel} aria-hidden="true" style={{ height: 1 }} /> : null }
}
