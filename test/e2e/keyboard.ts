// The keyboard as the only way in: every step looks where the focus is, whether it shows, and whether it is stuck.
import type { Locator, Page } from 'playwright-core'
import { wholeScreen } from './whole-screen.ts'

/** More stops than any screen has: beyond it the focus goes in circles without meeting what it looks for. */
const mostStops = 160

export class Keyboard {
  readonly #page: Page
  /** What was wrong with a stop, with the screen that it was on. */
  readonly faults: string[] = []

  constructor(page: Page) {
    this.#page = page
  }

  /** Goes on with Tab until this has the focus. */
  async tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await target.first().waitFor()
    await wholeScreen(this.#page)
    const passed: string[] = []
    for (let stop = 0; stop < mostStops; stop++) {
      if (await hasFocus(target)) return
      passed.push(await this.step(key))
    }
    throw new Error(`the keyboard never reached ${target}; it passed:\n${passed.slice(0, 60).join('\n')}`)
  }

  async press(target: Locator, key = 'Enter'): Promise<void> {
    await this.tabTo(target)
    await this.#page.keyboard.press(key)
  }

  /** Replaces what a field holds. */
  async fill(target: Locator, text: string): Promise<void> {
    await this.tabTo(target)
    await this.#page.keyboard.press('ControlOrMeta+a')
    await this.#page.keyboard.type(text)
  }

  /** One stop further; returns its name. */
  async step(key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<string> {
    await this.#page.evaluate(installProbe)
    await this.#page.evaluate(() => (window as Probed).focusProbe?.note())
    await this.#page.keyboard.press(key)
    const stop = (await this.#page.evaluate(() => (window as Probed).focusProbe?.judge())) as Stop
    if (stop.fault) this.#blame(stop.fault)
    return stop.name
  }

  /** Goes once around the screen that is open, and says in which order; throws where it gets stuck. */
  async walkAround(): Promise<string[]> {
    const passed: string[] = []
    await this.#page.evaluate(installProbe)
    await this.#page.evaluate(() => (window as Probed).focusProbe?.start())
    for (let stop = 0; stop < mostStops; stop++) {
      const name = await this.step()
      // Past the last stop the focus leaves the page, and the body has it for a moment.
      if (name === 'body') {
        if (passed.length > 3) return passed
        continue
      }
      if (await this.#page.evaluate(() => (window as Probed).focusProbe?.isStuck()))
        throw new Error(`the keyboard is stuck on ${name}`)
      passed.push(name)
      if (await this.#page.evaluate(() => (window as Probed).focusProbe?.isBackAtStart())) return passed
    }
    throw new Error(`the keyboard never got around ${this.#page.url()}`)
  }

  #blame(fault: string): void {
    const line = `${new URL(this.#page.url()).hash}: ${fault}`
    if (!this.faults.includes(line)) this.faults.push(line)
  }
}

export function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluateAll((elements) => elements.some((element) => element === document.activeElement))
}

type Stop = ReturnType<FocusProbe['judge']>

interface FocusProbe {
  /** Before the key: remembers the focused element and how it looks. */
  note(): void
  /** After it: where the focus went, and what was wrong with where it was. */
  judge(): { name: string; fault: string | null }
  isStuck(): boolean
  /** Begins a way around at nothing. */
  start(): void
  isBackAtStart(): boolean
}

type Probed = Window & { focusProbe?: FocusProbe }

/** Runs in the page. The focus shows when the element, or what is around or beside it, looks different with it. */
function installProbe(): void {
  let before: { element: Element; looks: string } | null = null
  let first: Element | null = null
  const active = () => document.activeElement ?? document.body
  ;(window as Probed).focusProbe ??= {
    note() {
      before = { element: active(), looks: looksOf(active()) }
    },
    judge() {
      const now = active()
      if (now !== document.body) first ??= now
      return { name: nameOf(now), fault: findFault(now) }
    },
    start() {
      first = null
      ;(active() as HTMLElement).blur()
    },
    isStuck: () => before?.element === active(),
    isBackAtStart: () => first === active() && before?.element !== document.body,
  }

  function findFault(now: Element): string | null {
    const was = before?.element
    if (was && was !== now && was !== document.body && was.isConnected && !was.matches('h1, main, [role=dialog]'))
      if (before?.looks === looksOf(was)) return `the focus does not show on ${nameOf(was)}`
    // What is drawn elsewhere for these has the place; the element itself is hidden.
    if (now.matches('body, h1, main, .xterm-helper-textarea, input[type=radio], input[type=checkbox]')) return null
    const { width, height, top, right, bottom, left } = now.getBoundingClientRect()
    if (width * height === 0) return `${nameOf(now)} has the focus and no size`
    const isOutside = bottom < 0 || right < 0 || top > innerHeight || left > innerWidth
    return isOutside ? `${nameOf(now)} has the focus out of sight` : null
  }

  function nameOf(element: Element): string {
    if (element === document.body) return 'body'
    const label = element.getAttribute('aria-label') ?? (element as HTMLInputElement).labels?.[0]?.textContent
    const text = (label ?? element.textContent ?? '').trim().slice(0, 50)
    return `${element.getAttribute('role') ?? element.tagName.toLowerCase()} "${text}"`
  }

  function looksOf(element: Element): string {
    const seen = [element, ...[...(element.parentElement?.children ?? [])].filter((sibling) => sibling !== element)]
    for (let at = element.parentElement; at && seen.length < 12; at = at.parentElement) seen.push(at)
    const looks = seen.map((each) => {
      const { outline, boxShadow, borderColor, backgroundColor } = getComputedStyle(each)
      return [outline, boxShadow, borderColor, backgroundColor].join('/')
    })
    return looks.join(' ')
  }
}
