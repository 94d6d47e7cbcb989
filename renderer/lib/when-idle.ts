/** What is on its way to the first screen goes first. */
const settleMs = 1000

/** Runs when the window has been open for a moment and has nothing else to do. Returns what takes it back. */
export function whenIdle(act: () => void): () => void {
  // Safari has no idle callbacks, and the browser shell runs in it too.
  const timer = setTimeout(() => ('requestIdleCallback' in globalThis ? requestIdleCallback(act) : act()), settleMs)
  return () => clearTimeout(timer)
}
