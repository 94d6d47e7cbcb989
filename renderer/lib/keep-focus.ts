/** How many places back one may be sent: a dialog, the button that opened it, the row that held it. */
const remembered = 40

interface Place {
  element: HTMLElement
  /** Inner to outer, as they were: an element that is taken away forgets them. */
  ancestors: HTMLElement[]
}

/**
 * Keeps the keyboard where it was. A control that is disabled while its work runs, or goes with what it changed, would
 * take the focus along: whoever works without a pointer would start at the top again. Returns what ends it.
 */
export function keepFocus(root: Document): () => void {
  let places: Place[] = []
  const remember = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement)) return
    const others = places.filter(({ element }) => element !== target)
    places = [{ element: target, ancestors: ancestorsOf(target) }, ...others].slice(0, remembered)
  }
  // A pointer may take the focus away on purpose.
  const forget = () => {
    places = []
  }
  const bringBack = () => {
    // The focus is somewhere, or in another window.
    if (places.length === 0 || !root.hasFocus() || (root.activeElement && root.activeElement !== root.body)) return
    findPlace(places)?.focus({ preventScroll: true })
  }
  root.addEventListener('focusin', remember)
  root.addEventListener('pointerdown', forget, true)
  // Not at once: between leaving one element and reaching the next, nothing has the focus.
  let timer: ReturnType<typeof setTimeout> | undefined
  const observer = new MutationObserver(() => {
    timer ??= setTimeout(() => {
      timer = undefined
      bringBack()
    })
  })
  observer.observe(root.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] })
  return () => {
    root.removeEventListener('focusin', remember)
    root.removeEventListener('pointerdown', forget, true)
    observer.disconnect()
    clearTimeout(timer)
  }
}

/** The latest place that is still there; null while it is only disabled, since it will be back. */
function findPlace(places: readonly Place[]): HTMLElement | null {
  for (const { element, ancestors } of places) {
    if (element.isConnected) return isDisabled(element) ? null : element
    const around = ancestors.find((ancestor) => ancestor.isConnected && ancestor.tagName !== 'BODY')
    const nearby = around && around.tagName !== 'MAIN' ? firstFocusable(around) : null
    if (nearby) return nearby
  }
  return null
}

function ancestorsOf(element: HTMLElement): HTMLElement[] {
  const found: HTMLElement[] = []
  for (let at = element.parentElement; at; at = at.parentElement) found.push(at)
  return found
}

function isDisabled(element: HTMLElement): boolean {
  return element.matches(':disabled')
}

const focusable =
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"])'

function firstFocusable(within: HTMLElement): HTMLElement | null {
  for (const element of within.querySelectorAll<HTMLElement>(focusable))
    if (!isDisabled(element) && element.getClientRects().length > 0) return element
  return null
}
