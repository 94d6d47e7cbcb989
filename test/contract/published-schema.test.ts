import { expect, test } from 'vitest'
import { findTopic } from '../../agent/contract/elsewhere/elsewhere.ts'
import { endpoints } from '../../agent/contract/endpoints.ts'
import { compileSchema, linkName, openPublishedSchema } from './published-schema.ts'

// A schema of our own in the manner of Heroku's: the judge is judged where the real one is not at hand.
const own = {
  $schema: 'http://interagent.github.io/interagent-hyper-schema',
  id: 'schemata/boat',
  definitions: {
    boat: {
      id: 'schemata/boat',
      type: ['object'],
      definitions: {
        name: { type: ['string'], pattern: '^[a-z]+$', example: 'ada' },
        identity: { anyOf: [{ $ref: '#/definitions/boat/definitions/name' }] },
      },
      properties: {
        name: { $ref: '#/definitions/boat/definitions/name' },
        harbor: { type: ['object', 'null'], properties: { id: { type: ['string'], format: 'uuid', example: 'x' } } },
        flags: { type: ['object'], additionalProperties: false, patternProperties: { '^\\w+$': { type: ['string'] } } },
      },
      links: [
        { method: 'GET', href: '/boats', targetSchema: { type: ['array'], items: { $ref: '#/definitions/boat' } } },
        {
          method: 'PATCH',
          href: '/boats/{(%23%2Fdefinitions%2Fboat%2Fdefinitions%2Fidentity)}',
          schema: { type: ['object'], properties: { name: { type: ['string'] } } },
          targetSchema: { $ref: '#/definitions/boat' },
        },
        { method: 'DELETE', href: '/boats/~', title: 'nothing is said of its answer' },
      ],
    },
  },
}
const schema = compileSchema(own, () => {})
const boat = { name: 'ada', harbor: null, flags: { RED: 'up' } }
const faultsOf = (changed: object) => schema.findFaults('PATCH', '/boats/{boat}', { ...boat, ...changed })

test('an answer with exactly the published fields has no fault', () => {
  expect(faultsOf({})).toEqual([])
  expect(faultsOf({ harbor: { id: '3b9f0f7e-54c2-4d43-8a4c-6a4a1d5b9e10' } })).toEqual([])
  expect(schema.findFaults('GET', '/boats', [boat, boat])).toEqual([])
})

test('an unknown field is one, however deep', () => {
  expect(faultsOf({ speed: 1 })?.join()).toContain('"additionalProperty":"speed"')
  expect(faultsOf({ harbor: { id: '3b9f0f7e-54c2-4d43-8a4c-6a4a1d5b9e10', pier: 3 } })?.join()).toContain('pier')
  expect(faultsOf({ flags: { 'not a word': 'x' } })?.join()).toContain('not a word')
})

test('a missing field is one, though the schema leaves it optional', () => {
  const { flags: _, ...rest } = boat
  expect(schema.findFaults('PATCH', '/boats/{boat}', rest)?.join()).toContain("'flags'")
  expect(faultsOf({ harbor: {} })?.join()).toContain("'id'")
})

test('a wrong value is one', () => {
  expect(faultsOf({ name: 'Ada' })?.join()).toContain('pattern')
  expect(faultsOf({ harbor: { id: 'x' } })?.join()).toContain('uuid')
  expect(schema.findFaults('GET', '/boats', [boat, null])).toHaveLength(1)
})

test('an answer that the schema says nothing of is not judged', () => {
  expect(schema.findFaults('DELETE', '/boats/{user}', {})).toBeNull()
  expect(schema.findFaults('POST', '/boats', {})).toBeNull()
  expect(schema.links).toEqual(new Set(['GET /boats', 'PATCH /boats/{}', 'DELETE /boats/{}']))
})

/** Heroku's as well, and not in what it publishes: the client asks for them. */
const unpublished = [
  'GET /buildpacks',
  'GET /buildpacks/{}',
  'POST /account/keys',
  'DELETE /account/keys/{}',
  'GET /oauth/sessions',
  'POST /apps/{}/dynos/{}',
]

test('whose an endpoint is agrees with the published schema, where that is at hand', () => {
  const links = openPublishedSchema()?.links ?? new Set()
  const wrong = Object.values(endpoints).filter(({ method, path, tier }) => {
    const link = linkName(method, path)
    return links.size > 0 && links.has(link) === (tier === 'extension') && !unpublished.includes(link)
  })
  expect(wrong.map(({ method, path }) => `${method} ${path}`)).toEqual([])
})

test('every request that Heroku publishes is answered, or told what to do instead, where the schema is at hand', () => {
  const ours = new Set(Object.values(endpoints).map(({ method, path }) => linkName(method, path)))
  const silent = [...(openPublishedSchema()?.links ?? [])].filter((link) => {
    const [method = '', path = ''] = link.split(' ')
    return !ours.has(link) && findTopic(method, path.replaceAll('{}', 'x')) === null
  })
  expect(silent).toEqual([])
})
