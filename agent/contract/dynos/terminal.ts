import { HearthError } from '../errors.ts'

/** The request header by which who opens a terminal says what it is to be. */
export const terminalHeader = 'hearth-terminal'
/** The trailer that ends a terminal: how its dyno ended, as a shell says it. */
export const exitCodeTrailer = 'hearth-exit-code'

/**
 * What a one-off dyno's standard streams are: a terminal of that size, or pipes that pass bytes as they are. With pipes
 * standard error may travel apart from standard output, in frames (see `TerminalFrames`); otherwise both are one stream, in order.
 */
export type TerminalKind =
  | { readonly kind: 'pty'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'pipes'; readonly areErrorsApart: boolean }

/** `pty 80x24`, `pipes`, `pipes apart` */
export function renderTerminalKind(terminal: TerminalKind): string {
  if (terminal.kind === 'pty') return `pty ${terminal.columns}x${terminal.rows}`
  return terminal.areErrorsApart ? 'pipes apart' : 'pipes'
}

/** Null without the header: then what the dyno was created with decides. */
export function parseTerminalKind(header: string | undefined): TerminalKind | null {
  if (header === undefined) return null
  if (header === 'pipes' || header === 'pipes apart') return { kind: 'pipes', areErrorsApart: header !== 'pipes' }
  const [, columns, rows] = /^pty ([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(header) ?? []
  const size = { columns: Number(columns), rows: Number(rows) }
  if (size.columns <= maximumSize && size.rows <= maximumSize) return { kind: 'pty', ...size }
  const examples = '"pipes", "pipes apart" or "pty 80x24"'
  throw new HearthError('bad_request', `The header ${terminalHeader} is ${examples}, up to ${maximumSize} each way.`)
}

/** Columns or rows. */
export const maximumSize = 1000
