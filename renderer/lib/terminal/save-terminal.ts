import { saveFile } from '../files/save-file.ts'
import type { TerminalParts } from './terminal.ts'
import { readTerminal } from './terminal-text.ts'

/** All that a terminal holds, as a file whose name begins with that. */
export function saveTerminal(name: string, { terminal }: TerminalParts): void {
  const moment = new Date().toISOString().slice(0, 19).replaceAll(':', '')
  saveFile(`${name.replaceAll(/[^\w.-]+/g, '-')}-${moment}.log`, readTerminal(terminal.buffer.active))
}
