/** A line about the stream itself, in the colour of warnings, across the pane: not to be taken for one that was received. */
export function renderMark(text: string): string {
  return `\u001b[1;33m──── ${text} ────\u001b[0m\r\n`
}

export const timeOf = (at: Date): string => at.toTimeString().slice(0, 8)
