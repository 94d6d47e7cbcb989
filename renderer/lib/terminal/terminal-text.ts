import type { IBuffer } from '@xterm/xterm'

/** All that a terminal holds, as text: rows that a long line goes over are one line again, empty ones at the end left out. */
export function readTerminal(buffer: Pick<IBuffer, 'length' | 'getLine'>): string {
  const lines: string[] = []
  for (let row = 0; row < buffer.length; row++) {
    const line = buffer.getLine(row)
    if (!line) continue
    const isContinued = buffer.getLine(row + 1)?.isWrapped ?? false
    const text = line.translateToString(!isContinued)
    if (line.isWrapped && lines.length > 0) lines.push(`${lines.pop()}${text}`)
    else lines.push(text)
  }
  while (lines.at(-1) === '') lines.pop()
  return lines.map((line) => `${line}\n`).join('')
}
