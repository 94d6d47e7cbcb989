import { BuildError } from '../lib/output.ts'
import { isPattern } from './pattern.ts'
import type { Backend } from './proxy.ts'

/** What static.json says, under the names that Heroku gave it. */
export interface SiteSettings {
  /** `root`; null when it names none. */
  readonly root: string | null
  /** `clean_urls`: `/about` is about.html. Without a static.json too. */
  readonly hasCleanUrls: boolean
  /** `routes`: what to answer where there is no such file; the first pattern that fits. */
  readonly routes: readonly { readonly pattern: string; readonly file: string }[]
  readonly redirects: readonly { readonly from: string; readonly to: string; readonly status: number }[]
  /** `headers`: all patterns that fit count, the later over the earlier. */
  readonly headers: readonly { readonly pattern: string; readonly values: Readonly<Record<string, string>> }[]
  /** `proxies`: what another server answers. */
  readonly proxies: readonly Backend[]
  readonly errorPage: string | null
  readonly isHttpsOnly: boolean
  /** `basic_auth`: BASIC_AUTH_USERNAME and BASIC_AUTH_PASSWORD are asked for. */
  readonly needsLogin: boolean
  /** Names in it that mean nothing here. */
  readonly ignored: readonly string[]
}

const known = 'root clean_urls routes redirects headers proxies error_page https_only basic_auth'.split(' ')

type Json = Readonly<Record<string, unknown>>

/** Of an app without static.json when the text is null. Throws BuildError on what can't be meant. */
export function parseSettings(text: string | null): SiteSettings {
  const json = text === null ? {} : readObject(parseJson(text), 'static.json')
  return {
    root: readText(json, 'root'),
    hasCleanUrls: readFlag(json, 'clean_urls') ?? text === null,
    routes: readPatterns(json, 'routes').map(([pattern, file]) => ({
      pattern,
      file: requireText(file, `routes "${pattern}"`),
    })),
    redirects: readPatterns(json, 'redirects').map(readRedirect),
    headers: readPatterns(json, 'headers').map(([pattern, values]) => ({
      pattern,
      values: readHeaders(values, pattern),
    })),
    proxies: readPatterns(json, 'proxies').map(([from, value]) => ({
      from,
      origin: requireText(readObject(value, `proxies "${from}"`).origin, `proxies "${from}"`),
    })),
    errorPage: readText(json, 'error_page'),
    isHttpsOnly: readFlag(json, 'https_only') ?? false,
    needsLogin: readFlag(json, 'basic_auth') ?? false,
    ignored: Object.keys(json).filter((name) => !known.includes(name)),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refuse(`static.json is not valid JSON: ${(error as Error).message}`)
  }
}

function readRedirect([from, value]: [string, unknown]): SiteSettings['redirects'][number] {
  const given = typeof value === 'string' ? { url: value } : readObject(value, `redirects "${from}"`)
  const status = given.status ?? 301
  if (typeof status !== 'number' || ![301, 302, 303, 307, 308].includes(status))
    throw refuse(`static.json, redirects "${from}": ${JSON.stringify(status)} is not a status of a redirect.`)
  return { from, to: readHeaderValue(given.url, `redirects "${from}"`), status }
}

function readHeaders(value: unknown, pattern: string): Record<string, string> {
  const entries = Object.entries(readObject(value, `headers "${pattern}"`))
  const wrong = entries.find(([name]) => !/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
  if (wrong) throw refuse(`static.json, headers "${pattern}": "${wrong[0]}" is not the name of a header.`)
  return Object.fromEntries(
    entries.map(([name, text]) => [name.toLowerCase(), readHeaderValue(text, `header ${name}`)]),
  )
}

/** Visible ASCII, which is all that a header can carry anywhere. */
function readHeaderValue(value: unknown, where: string): string {
  const text = requireText(value, where)
  if (!/^[\t\x20-\x7e]*$/.test(text)) throw refuse(`static.json, ${where}: a header can't have these characters.`)
  return text
}

function readPatterns(json: Json, name: string): [string, unknown][] {
  const entries = Object.entries(readObject(json[name] ?? {}, name))
  const wrong = entries.find(([pattern]) => !isPattern(pattern))
  if (wrong)
    throw refuse(`static.json, ${name}: "${wrong[0]}" is not an address; it begins with /, * or ** stand for any text.`)
  return entries
}

function readObject(value: unknown, where: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json
  throw refuse(
    where === 'static.json' ? 'static.json is not an object.' : `static.json, ${where}: an object is expected.`,
  )
}

function readText(json: Json, name: string): string | null {
  return json[name] === undefined || json[name] === null ? null : requireText(json[name], name)
}

function requireText(value: unknown, where: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw refuse(`static.json, ${where}: a text is expected.`)
}

function readFlag(json: Json, name: string): boolean | null {
  const value = json[name]
  if (value === undefined || typeof value === 'boolean') return value ?? null
  throw refuse(`static.json, ${name}: true or false is expected.`)
}

function refuse(headline: string): BuildError {
  return new BuildError('static-json', headline, 'Correct static.json, then deploy again.')
}
