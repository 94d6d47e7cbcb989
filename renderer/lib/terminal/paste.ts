import type { Terminal } from '@xterm/xterm'

type PasteTarget = Pick<Terminal, 'modes' | 'paste'>

/** Whether a program that reads line by line would run some of it at once, before anybody has looked at it. */
export function wouldRun(text: string, terminal: Pick<PasteTarget, 'modes'>): boolean {
  // A program that asked for brackets around what is pasted tells it from what is typed.
  return !terminal.modes.bracketedPasteMode && /[\r\n]/.test(text)
}

/** Lets text with line breaks into a terminal only after `ask` said so, unless its program knows pasted text from typed. */
export function guardPaste(
  terminal: PasteTarget,
  element: HTMLElement,
  ask: (text: string, paste: () => void) => void,
): () => void {
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (!wouldRun(text, terminal)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    ask(text, () => terminal.paste(text))
  }
  // On the way down: xterm pastes at the text area inside.
  element.addEventListener('paste', onPaste, true)
  return () => element.removeEventListener('paste', onPaste, true)
}

/** Ctrl-Shift-C as in other terminals, since Ctrl-C is the program's; a Mac's Cmd-C is the browser's own. */
export function isCopyKey(event: Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>): boolean {
  if (!event.ctrlKey || event.altKey || event.metaKey) return false
  return (event.code === 'KeyC' && event.shiftKey) || (event.code === 'Insert' && !event.shiftKey)
}

export function copySelection(terminal: Pick<Terminal, 'hasSelection' | 'getSelection'>): void {
  if (terminal.hasSelection()) void navigator.clipboard.writeText(terminal.getSelection())
}
