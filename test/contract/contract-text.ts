// The contract as text, one line a request and one a field: what a change does to it is read in a diff, also where Heroku's
// own schema is not at hand.
import { z } from 'zod'
import type { Body } from '../../agent/contract/endpoint.ts'
import { endpoints } from '../../agent/contract/endpoints.ts'

interface JsonSchema {
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
}

/** `named` are the schemas that the contract's files export, by their names. */
export function renderContract(named: ReadonlyMap<unknown, string>): string {
  const requests = Object.values(endpoints).map(({ method, path, tier, needs, status, ...one }) => {
    const [request, response] = [one.request as Body, one.response as Body].map((body) => nameOf(body, named))
    return `${method} ${path} (${tier}, ${needs}): ${request} -> ${status} ${response}`
  })
  const fields = [...named]
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1))
    .flatMap(([schema, name]) => listFields(schema, name))
  return `${requests.toSorted().join('\n')}\n\n${fields.join('\n')}\n`
}

/** Those of the exports that are schemas. */
export function nameSchemas(modules: readonly Record<string, unknown>[]): Map<unknown, string> {
  const exports = modules.flatMap((module) => Object.entries(module))
  return new Map(exports.filter(([, value]) => value instanceof z.ZodType).map(([name, value]) => [value, name]))
}

function nameOf(body: Body, named: ReadonlyMap<unknown, string>): string {
  if (typeof body === 'string') return body
  if (body instanceof z.ZodArray) return `${nameOf(body.element as z.ZodType, named)}[]`
  return named.get(body) ?? (body instanceof z.ZodNever ? 'never' : fail(body))
}

function fail(body: z.ZodType): never {
  throw new Error(`A body of the contract has no name of its own: ${JSON.stringify(z.toJSONSchema(body))}`)
}

function listFields(schema: unknown, name: string): string[] {
  return [...describe(z.toJSONSchema(schema as z.ZodType, { io: 'input' }) as JsonSchema, name)]
}

/** `app.owner.email: string`, `app.space: null`, `build.buildpacks[].url?: string` */
function* describe(schema: JsonSchema, name: string): Generator<string> {
  const parts = schema.anyOf ?? [schema]
  const plain = parts.filter(({ properties, items }) => !properties && !items).map(typeOf)
  if (plain.length > 0) yield `${name}: ${plain.join(' | ')}`
  for (const { items, properties, required = [] } of parts) {
    if (items) yield* describe(items, `${name}[]`)
    for (const [field, one] of Object.entries(properties ?? {})) {
      yield* describe(one, `${name}.${field}${required.includes(field) ? '' : '?'}`)
    }
  }
}

function typeOf({ type, format, enum: words, const: word, additionalProperties }: JsonSchema): string {
  if (word !== undefined) return JSON.stringify(word)
  if (words) return words.map((one) => JSON.stringify(one)).join(' | ')
  if (typeof additionalProperties === 'object') return `{${describePlain(additionalProperties)}}`
  return format ?? [type ?? 'anything'].flat().join(' | ')
}

function describePlain(schema: JsonSchema): string {
  return (schema.anyOf ?? [schema]).map(typeOf).join(' | ')
}
