import { toPlainLine } from '../../core/logs/plain-text.ts'
import { parseReleaseValue } from './release-yaml.ts'

/** What a buildpack says of its own build: `node_version` is `24.21.0`. */
export type Facts = Readonly<Record<string, string>>

const maximumFacts = 100
const maximumLength = 500

/**
 * What bin/report printed, a flat map in YAML or JSON. The printer is not trusted: what is nested, unnamed or endless is left out.
 *
 *     node_version: "24.21.0"
 *     install_duration: 3.2
 */
export function parseReport(text: string): Facts {
  const trimmed = text.trim()
  const found = trimmed.startsWith('{') ? readJson(trimmed) : readLines(trimmed)
  const facts = found.flatMap(([name, value]) =>
    /^[\w.-]{1,100}$/.test(name) ? [[name, toPlainLine(value, maximumLength).trim()] as const] : [],
  )
  return Object.fromEntries(facts.filter(([, value]) => value !== '').slice(0, maximumFacts))
}

function readLines(text: string): [string, string][] {
  return text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const [, name, value] = /^"?([\w.-]+)"?\s*:\s+(\S.*?)\s*$/.exec(line) ?? []
    if (!name || !value || /^([[{|>&*!]|~$|null$)/.test(value)) return []
    return [[name, parseReleaseValue(value)]]
  })
}

function readJson(text: string): [string, string][] {
  try {
    const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)
    return Object.entries(JSON.parse(text) as object).flatMap(([name, value]): [string, string][] =>
      isPlain(value) ? [[name, String(value)]] : [],
    )
  } catch {
    return []
  }
}
