/** Process type -> command, in the Procfile's order. */
export type ProcessTypes = Readonly<Record<string, string>>

export interface ProcfileProblem {
  /** Counted from 1. */
  readonly line: number
  readonly severity: 'warning' | 'error'
  readonly message: string
}

export interface Procfile {
  readonly processTypes: ProcessTypes
  readonly problems: readonly ProcfileProblem[]
}

// `web: npm start`; the name's spelling is kept, whatever Heroku's newer parser would make of it.
const line = /^\s*([-\w]{1,128})\s*:\s*(.*?)\s*$/

/** Reads a Procfile. What can't be understood is reported with its line, and everything else still counts. */
export function parseProcfile(text: string): Procfile {
  const commands = new Map<string, string>()
  const problems: ProcfileProblem[] = []
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  for (const [index, content] of lines.entries()) {
    if (/^\s*(#|$)/.test(content)) continue
    const problem = readLine(content, commands)
    if (problem) problems.push({ line: index + 1, ...problem })
  }
  return { processTypes: Object.fromEntries(commands), problems }
}

function readLine(content: string, commands: Map<string, string>): Omit<ProcfileProblem, 'line'> | null {
  const [, type, command] = line.exec(content) ?? []
  if (type === undefined || command === undefined) {
    return { severity: 'error', message: `"${content.trim().slice(0, 80)}" is not of the form "type: command".` }
  }
  if (command === '') return { severity: 'error', message: `The process type "${type}" has no command.` }
  const isDuplicate = commands.has(type)
  commands.set(type, command)
  if (isDuplicate) return { severity: 'warning', message: `"${type}" is declared again; this line counts.` }
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(type)) return null
  return { severity: 'warning', message: `"${type}" is an unusual name; Heroku takes lower-case letters and digits.` }
}
