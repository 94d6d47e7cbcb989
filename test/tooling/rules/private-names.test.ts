import { expect, test } from 'vitest'
import { findPrivateNames, readOwnHosts } from './private-names.ts'

test.each([
  ['a path of one machine', 'see /Users/ada/hearth/notes'],
  ['another registry than the public one', 'registry=https://packages.example.com/npm/'],
  ['a private address in a URL', 'http://192.168.1.20:8080/'],
  ['a token', '//packages.example.com/:_authToken=abc'],
  ['a token', `ghp_${'a'.repeat(36)}`],
  ['a private key', `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3Bl'.repeat(16)}\n`],
])('finds %s in: %s', (what, text) => {
  expect(findPrivateNames('docs/a.md', `first\n${text}`)).toEqual([expect.stringContaining(`docs/a.md:2 ${what}`)])
})

test.each([
  '/home/hearth/.ssh/authorized_keys',
  '/var/lib/hearth/slugs',
  'https://registry.npmjs.org/a/-/a-1.0.0.tgz',
  'registry=https://registry.npmjs.org/',
  'http://127.0.0.1:5000/',
  'npm_config_registry=http://127.0.0.1:4873/',
  'registry=https://packages.example/npm',
])('leaves alone: %s', (text) => {
  expect(findPrivateNames('docs/a.md', text)).toEqual([])
})

test("this machine's own mirror is a private name", () => {
  const hosts = readOwnHosts({
    npm_config_registry: 'https://user:secret@npm.corp.example/x/',
    GOPROXY: 'https://proxy.golang.org',
  })
  expect(hosts).toEqual(['npm.corp.example'])
  expect(findPrivateNames('a.ts', 'get(https://npm.corp.example/b)', { hosts })).toHaveLength(1)
})

test('where this checkout lies is a private name', () => {
  const folder = '/srv/checkouts/hearth'
  expect(findPrivateNames('a.ts', "read('/srv/checkouts/hearth/dist')", { folder })).toHaveLength(1)
  expect(findPrivateNames('a.ts', "read('/srv/checkouts')", { folder })).toEqual([])
})
