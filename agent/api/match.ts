import { findTopic, notHere } from '../contract/elsewhere/elsewhere.ts'
import { type EndpointName, endpoints } from '../contract/endpoints.ts'
import { HearthError } from '../contract/errors.ts'

export interface Match {
  readonly name: EndpointName
  readonly parameters: Readonly<Record<string, string>>
}

interface Pattern {
  readonly name: EndpointName
  readonly method: string
  readonly parts: readonly string[]
}

const patterns: readonly Pattern[] = Object.entries(endpoints)
  .map(([name, { method, path }]) => ({ name: name as EndpointName, method, parts: path.split('/').slice(1) }))
  // A literal part wins over a parameter: `/apps/{app}/builds/cache` before `/apps/{app}/builds/{build}`.
  .sort((a, b) => countParameters(a.parts) - countParameters(b.parts))

/** The endpoint that a request means, or the error that says where to go instead. */
export function requireEndpoint(method: string, path: string): Match {
  const found = matchEndpoint(method === 'HEAD' ? 'GET' : method, path)
  if (typeof found === 'object') return found
  const topic = findTopic(method, path)
  if (topic) throw notHere(topic)
  const why = found === 'wrong-method' ? `${method} is not possible there` : 'there is nothing'
  const where = "docs/heroku-compatibility.md lists all that this server's API has"
  throw new HearthError('not_found', `${method} ${redactPath(path)}: ${why}. ${where}.`)
}

/** Sealed paths hold a permission: it is not for logs or messages. */
export function redactPath(path: unknown): string {
  return String(path).replace(/^(\/(?:streams|attach|source-blobs)\/).*/, '$1[redacted]')
}

/** Which endpoint a request means; `wrong-method` when the path exists under other methods only. */
export function matchEndpoint(method: string, path: string): Match | 'not-found' | 'wrong-method' {
  const parts = path.split('/').slice(1)
  const onPath = patterns.filter((pattern) => matchParts(pattern.parts, parts) !== null)
  const pattern = onPath.find((candidate) => candidate.method === method)
  if (!pattern) return onPath.length > 0 ? 'wrong-method' : 'not-found'
  return { name: pattern.name, parameters: matchParts(pattern.parts, parts) ?? {} }
}

function matchParts(pattern: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null
  const parameters: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? ''
    if (!expected.startsWith('{')) {
      if (part !== expected) return null
      continue
    }
    const value = decode(part)
    if (!value) return null
    parameters[expected.slice(1, -1)] = value
  }
  return parameters
}

/** Percent-decoded, or null for text that is no valid encoding. */
function decode(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

function countParameters(parts: readonly string[]): number {
  return parts.filter((part) => part.startsWith('{')).length
}
