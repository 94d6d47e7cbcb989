import { expect, test } from 'vitest'
import { matchEndpoint } from '../../../agent/api/match.ts'

test('a path names its endpoint and fills its parameters, percent-decoded', () => {
  expect(matchEndpoint('GET', '/apps/blog/domains/www%2Eexample.com')).toEqual({
    name: 'getDomain',
    parameters: { app: 'blog', domain: 'www.example.com' },
  })
})

test('an unknown path is not found, a known one under another method is told apart', () => {
  expect(matchEndpoint('GET', '/nothing')).toBe('not-found')
  expect(matchEndpoint('GET', '/apps/')).toBe('not-found')
  expect(matchEndpoint('PUT', '/apps')).toBe('wrong-method')
})

test('a part that is no valid percent-encoding matches nothing', () => {
  expect(matchEndpoint('GET', '/apps/%E0%A4%A')).toBe('not-found')
})
