import { isMac } from '../../lib/is-mac.ts'
import { peekResource } from '../../stores/resources.ts'
import { type Offer, offersAtHand, offersOfPane, start } from '../at-hand.ts'
import { follow, formatPressed, isSingle } from './shortcut.ts'

/** A second key that comes later than this begins anew. */
const sequenceMs = 1200

/** Runs commands by their shortcuts. Returns what ends it. */
export function followKeyboard(root: Document): () => void {
  let before = ''
  let at = 0
  const press = (event: KeyboardEvent) => {
    const pressed = formatPressed(event, isMac)
    if (pressed === null || event.isComposing || !isHeard(pressed, event.target)) return
    if (event.timeStamp - at > sequenceMs) before = ''
    at = event.timeStamp
    const offers = offersAtHand().filter(({ command }) => command.shortcut !== null && command.place !== 'pane')
    const found = follow(
      offers.map(({ command }) => command.shortcut ?? ''),
      before,
      pressed,
    )
    before = found && 'waitsAfter' in found ? found.waitsAfter : ''
    if (found && 'hit' in found) startByKey(event, offers, found.hit)
  }
  root.addEventListener('keydown', press)
  root.addEventListener('keydown', pressInPane, { capture: true })
  return () => {
    root.removeEventListener('keydown', press)
    root.removeEventListener('keydown', pressInPane, { capture: true })
  }
}

/** A pane's keys are heard inside it alone, and on the way down: what is there (a terminal) must not get them as well. */
function pressInPane(event: KeyboardEvent): void {
  const pressed = formatPressed(event, isMac)
  const pane = event.target instanceof Element && event.target.closest('[data-pane]')?.getAttribute('data-pane')
  if (pressed === null || isSingle(pressed) || !pane) return
  if (startByKey(event, offersOfPane(pane), pressed)) event.stopPropagation()
}

function startByKey(event: KeyboardEvent, offers: Offer[], shortcut: string): boolean {
  const hit = offers.find(({ command }) => command.shortcut === shortcut)
  if (!hit) return false
  event.preventDefault()
  start(hit)
  return true
}

/** Whether a key at this place is meant for commands, and not for what is typed into or asks something. */
function isHeard(pressed: string, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest('[role=dialog], [role=menu], [role=listbox]')) return false
  // A program in a terminal has the keys; on a Mac it has no use for the command key.
  if (target.closest('.xterm')) return isMac && !isSingle(pressed)
  const isTyping = target.closest('input, textarea, select, [contenteditable=true]') !== null
  if (!isSingle(pressed)) return !isTyping || pressed !== 'mod+z'
  return !isTyping && (peekResource('settings.get', {})?.singleKeys ?? true)
}
