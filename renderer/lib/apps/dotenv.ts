export interface DotenvEntry {
  name: string
  value: string
  line: number
}

export interface DotenvProblem {
  line: number
  message: string
}

export interface Dotenv {
  /** The last assignment of a name wins, as in a shell. */
  entries: DotenvEntry[]
  problems: DotenvProblem[]
}

const assignment = /^\s*(?:export\s+)?([^\s=]+)\s*=[ \t]*/
const validName = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * Parses pasted `.env` text: `NAME=value`, optional `export`, comments, single quotes (literal), double quotes (with
 * `\n`, `\t`, `\"`, `\\`) that may span lines, and bare values up to ` #`. Nothing is expanded: `$HOME` stays as written.
 */
export function parseDotenv(text: string): Dotenv {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  const entries = new Map<string, DotenvEntry>()
  const problems: DotenvProblem[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (/^\s*(#|$)/.test(line)) continue
    const found = assignment.exec(line)
    const name = found?.[1]
    if (!found || name === undefined) {
      problems.push({ line: at + 1, message: 'is not NAME=value' })
    } else if (!validName.test(name)) {
      problems.push({ line: at + 1, message: `has a name that a shell can't export: ${name}` })
    } else {
      const read = readValue(lines, at, found[0].length)
      if (read.problem) problems.push({ line: at + 1, message: read.problem })
      else {
        entries.delete(name)
        entries.set(name, { name, value: read.value, line: at + 1 })
      }
      at = read.lastLine
    }
  }
  return { entries: [...entries.values()], problems }
}

interface ReadValue {
  value: string
  lastLine: number
  problem: string | null
}

function readValue(lines: string[], at: number, from: number): ReadValue {
  const first = lines[at] ?? ''
  const quote = first[from]
  if (quote !== '"' && quote !== "'") {
    const bare = first.slice(from).replace(/(^|\s)#.*$/, '')
    return { value: bare.trim(), lastLine: at, problem: null }
  }
  let rest = first.slice(from + 1)
  for (let lastLine = at; ; ) {
    const close = findClosingQuote(rest, quote)
    if (close >= 0) {
      const inner = rest.slice(0, close)
      return { value: quote === '"' ? readEscapes(inner) : inner, lastLine, problem: null }
    }
    lastLine++
    // An unclosed quote must not swallow the rest of the paste: only its own line is refused.
    if (lastLine >= lines.length) return { value: '', lastLine: at, problem: `has no closing ${quote}` }
    rest += `\n${lines[lastLine]}`
  }
}

function findClosingQuote(text: string, quote: string): number {
  for (let at = 0; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++
    else if (text[at] === quote) return at
  }
  return -1
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' }

function readEscapes(text: string): string {
  return text.replace(/\\(.)/g, (whole, letter: string) => escapes[letter] ?? whole)
}
