// What runs in the page while a window is measured.

export interface Frames {
  readonly gapsMs: number[]
  readonly elapsedMs: number
}

export interface Answer {
  /** Until the title or the tab of what it leads to is drawn. */
  readonly drawnMs: number
  /** Until all of the screen is that is known without another call. */
  readonly wholeMs: number
}

/** What a click leads to. `wanted` is the text of a heading, or a selector with a dot, hash or bracket. */
export async function timeClick({ selector, wanted }: { selector: string; wanted: string }): Promise<Answer> {
  const element = document.querySelector<HTMLElement>(selector)
  if (!element) throw new Error(`there is no ${selector}`)
  const isThere = () =>
    /[.#[]/.test(wanted)
      ? document.querySelector(wanted) !== null
      : document.querySelector('h1')?.textContent?.trim() === wanted
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn))
  const start = performance.now()
  element.click()
  /** In the frame that shows it, and then in the first task after it, when that has been painted. */
  const painted = async (isShown: () => boolean) => {
    do await frame()
    while (!isShown())
    await new Promise<void>((done) => {
      const channel = new MessageChannel()
      channel.port1.onmessage = () => done()
      channel.port2.postMessage(null)
    })
    return performance.now() - start
  }
  const drawnMs = await painted(isThere)
  const isWhole = () => document.querySelector('main [aria-busy=true]') === null
  return { drawnMs, wholeMs: isWhole() ? drawnMs : await painted(isWhole) }
}

/** Scrolls by some pixels a frame, and notes each frame. */
export async function scrollFrames({ selector, pixels }: { selector: string; pixels: number }): Promise<Frames> {
  const element = document.querySelector(selector)
  if (!element) throw new Error(`there is no ${selector}`)
  const frame = () => new Promise<number>((drawn) => requestAnimationFrame(drawn))
  const gapsMs: number[] = []
  let direction = 1
  const start = await frame()
  for (let last = start; gapsMs.length < 180; ) {
    const before = element.scrollTop
    element.scrollTop += direction * pixels
    if (element.scrollTop === before) direction = -direction
    const now = await frame()
    gapsMs.push(now - last)
    last = now
  }
  return { gapsMs, elapsedMs: gapsMs.reduce((sum, gap) => sum + gap, 0) }
}

/** Each frame until the pane shows a text. */
export async function framesUntil(text: string): Promise<Frames> {
  const frame = () => new Promise<number>((drawn) => requestAnimationFrame(drawn))
  const isThere = () => document.querySelector('.xterm-rows')?.textContent?.includes(text) ?? false
  const gapsMs: number[] = []
  for (let last = await frame(); !isThere(); ) {
    const now = await frame()
    gapsMs.push(now - last)
    last = now
  }
  return { gapsMs, elapsedMs: gapsMs.reduce((sum, gap) => sum + gap, 0) }
}
