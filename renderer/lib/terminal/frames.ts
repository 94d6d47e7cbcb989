/** The window's frames, as a clock to work by. */
export interface Frames {
  /** In milliseconds. */
  now(): number
  /** At the beginning of the next one. */
  next(act: () => void): void
}

export const windowFrames: Frames = {
  now: () => performance.now(),
  next(act) {
    // A window that nobody sees draws none, and what it shows must be there when it is looked at again.
    if (globalThis.document?.hidden !== false) setTimeout(act)
    else onceOf(act)
  },
}

/** One that is hidden while it waits draws none either. */
function onceOf(act: () => void): void {
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer)
    act()
  })
  const timer = setTimeout(() => {
    cancelAnimationFrame(frame)
    act()
  }, 100)
}
