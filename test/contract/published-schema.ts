// The JSON schema that Heroku publishes of its Platform API, as a judge of our answers. It is not part of this repository:
// where it lies is told by HEARTH_PLATFORM_SCHEMA, or it is beside the checkout.
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ValidateFunction } from 'ajv'
import Draft04 from 'ajv-draft-04'
import formats from 'ajv-formats'
import { root } from '../tooling/repository.ts'
import { differences, type Json } from './differences.ts'

export interface PublishedSchema {
  /** Paths of the schema with `{}` for each parameter, behind their methods: `GET /apps/{}`. */
  readonly links: ReadonlySet<string>
  /**
   * What is wrong with an answer to that request: unknown fields, missing ones, wrong values. Null when the schema says
   * nothing of it.
   */
  findFaults(method: string, path: string, answer: unknown): string[] | null
}

/** Null where the file is not there. */
export function openPublishedSchema(): PublishedSchema | null {
  const beside = path.join(findCheckout(), '../shared/reference/platform-api-schema.json')
  const file = process.env.HEARTH_PLATFORM_SCHEMA ?? beside
  return existsSync(file) ? compileSchema(JSON.parse(readFileSync(file, 'utf8')), makeDifferences) : null
}

/** The repository's root; of a Git worktree, that of the checkout that it hangs on. */
function findCheckout(): string {
  const git = path.join(root, '.git')
  if (!existsSync(git) || statSync(git).isDirectory()) return root
  const inMain = readFileSync(git, 'utf8').slice('gitdir: '.length).trim()
  return path.resolve(root, inMain, '../../..')
}

/** `GET /users/~/apps` and `GET /users/{user}/apps` are the same. */
export function linkName(method: string, path: string): string {
  return `${method} ${path.replace(/\{[^}]*\}|~/g, '{}')}`
}

function makeDifferences(definitions: Record<string, Json>): void {
  for (const { change } of differences) change(definitions)
}

export function compileSchema(published: Json, change: (definitions: Record<string, Json>) => void): PublishedSchema {
  const schema = tidy(published) as { definitions: Record<string, Json & { links?: Json[] }> }
  change(schema.definitions)
  for (const definition of Object.values(schema.definitions)) makeStrict(definition)
  // One of its patterns is not valid under the flag `u`.
  const ajv = new Draft04({ strict: false, unicodeRegExp: false, allErrors: true })
  formats(ajv, { mode: 'fast' })
  ajv.addSchema(schema, 'platform')
  const targets = findTargets(schema.definitions)
  const validators = new Map<string, ValidateFunction>()
  return {
    links: new Set(targets.keys()),
    findFaults(method, path, answer) {
      const link = linkName(method, path)
      const target = targets.get(link)
      if (!target) return null
      const validate = validators.get(link) ?? ajv.compile({ $ref: `platform#${target}` } as never)
      validators.set(link, validate)
      validate(answer)
      return (validate.errors ?? []).map(({ instancePath, message, params }) => {
        return `${link} ${instancePath}: ${message} ${JSON.stringify(params)}`
      })
    },
  }
}

/** Where the schema of each link's answer is; null when a link says nothing of it. */
function findTargets(definitions: Record<string, Json & { links?: Json[] }>): Map<string, string | null> {
  const targets = Object.entries(definitions).flatMap(([name, { links = [] }]) =>
    links.map(({ method, href, targetSchema }, index) => {
      const target = targetSchema ? `/definitions/${name}/links/${index}/targetSchema` : null
      return [linkName(String(method), String(href)), target] as const
    }),
  )
  return new Map(targets)
}

/** Takes out what a validator trips over: examples, and ids that are text of Heroku's own and no URIs. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([key, one]) => {
    return key !== 'example' && key !== '$schema' && !(key === 'id' && typeof one === 'string')
  })
  return Object.fromEntries(kept.map(([key, one]) => [key, tidy(one)]))
}

/** The schema leaves nearly every field optional. An answer of ours has them all, and no other. */
function makeStrict(value: unknown): void {
  if (value === null || typeof value !== 'object') return
  const schema = value as Json
  const { properties } = schema
  const isObject = properties !== null && typeof properties === 'object' && !('patternProperties' in schema)
  const fields = isObject ? Object.keys(properties as object) : []
  if (fields.length > 0 && 'type' in schema) {
    schema.required = fields
    schema.additionalProperties = false
  }
  for (const [key, one] of Object.entries(schema)) {
    // What clients send is not ours to be strict about, and a field may be called like a keyword.
    if (key !== 'schema')
      for (const child of key === 'properties' ? Object.values(one as object) : [one]) makeStrict(child)
  }
}
