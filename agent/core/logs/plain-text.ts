/** Colours and the like: `ESC [ 1;31 m`. */
const colour = 'm'
/** A control sequence as ECMA-48 has it, or an escape that begins none of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const escapes = /\u001b(?:\[[0-?]*[ -/]*([@-~]))?/g
/** What moves the cursor, rings, or begins a sequence in eight bits; tab, line feed, carriage return and backspace stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0007\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const suspicious = /[\u0000-\u0007\u000b\u000c\u000e-\u001f\u007f-\u009f]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unfinished = /\u001b(?:\[[0-?]{0,64}[ -/]{0,8})?$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const anyControl = /[\u0000-\u001f\u007f-\u009f]/g
/** Marks that write text from right to left, by which a line can look like another. */
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * Text of a stranger's program as a terminal may be given it: its colours, and nothing that names windows, fills clipboards or goes
 * back over what stands there.
 */
export function toHarmlessText(text: string): string {
  if (!suspicious.test(text)) return text
  return text.replace(escapes, (sequence, end) => (end === colour ? sequence : '')).replace(controls, '')
}

/** How many characters at the end of a piece may begin a sequence that the next piece goes on with. */
export function countUnfinished(text: string): number {
  return unfinished.exec(text.slice(-80))?.[0].length ?? 0
}

/** One line of a stranger's words, for a message or a title: no colours either. Longer than `maximumLength` it is cut. */
export function toPlainLine(text: string, maximumLength: number): string {
  const plain = text.replace(escapes, '').replace(anyControl, ' ').replace(directions, '')
  return plain.trimEnd().slice(0, maximumLength).toWellFormed()
}
