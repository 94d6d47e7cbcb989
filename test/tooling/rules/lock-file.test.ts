import { expect, test } from 'vitest'
import { findLockFileFaults } from './lock-file.ts'

const integrity = 'sha512-abc'
const resolved = 'https://registry.npmjs.org/a/-/a-1.0.0.tgz'
const entry = { version: '1.0.0', resolved, integrity }

test('a complete lock with exact pins has no faults', () => {
  const lock = { packages: { '': { optionalDependencies: { a: '1.0.0' } }, 'node_modules/a': entry } }
  expect(findLockFileFaults({ optionalDependencies: { a: '1.0.0' } }, lock)).toEqual([])
})

test('an optional package that the registry lacked when locking is found', () => {
  const lock = { packages: { '': {}, 'node_modules/a': { ...entry, optionalDependencies: { 'a-darwin': '1.0.0' } } } }
  expect(findLockFileFaults({}, lock)).toEqual([
    'package-lock.json: node_modules/a may need a-darwin, which has no entry',
  ])
})

test('an optional package counts as locked where Node would find it', () => {
  const a = { ...entry, optionalDependencies: { b: '1.0.0', c: '1.0.0' } }
  const packages = { 'node_modules/x': entry, 'node_modules/x/node_modules/a': a }
  const lock = { packages: { ...packages, 'node_modules/x/node_modules/b': entry, 'node_modules/c': entry } }
  expect(findLockFileFaults({}, lock)).toEqual([])
})

test.each(['^1.0.0', '~1.0.0', 'latest', '1', 'github:a/b'])('the version "%s" is not an exact pin', (version) => {
  expect(findLockFileFaults({ devDependencies: { a: version } }, { packages: {} })).toHaveLength(1)
})

test('an archive from elsewhere than the public registry, or without a hash, is found', () => {
  const elsewhere = { ...entry, resolved: 'https://packages.example/a-1.0.0.tgz' }
  expect(findLockFileFaults({}, { packages: { 'node_modules/a': elsewhere } })).toHaveLength(1)
  expect(findLockFileFaults({}, { packages: { 'node_modules/a': { version: '1.0.0', resolved } } })).toHaveLength(1)
})

test('what comes within another package needs no hash of its own', () => {
  expect(findLockFileFaults({}, { packages: { 'node_modules/a': { version: '1.0.0', inBundle: true } } })).toEqual([])
})

test('an install script must be allowed or denied by name', () => {
  const lock = { packages: { 'node_modules/@a/b': { ...entry, hasInstallScript: true } } }
  expect(findLockFileFaults({}, lock)).toHaveLength(1)
  expect(findLockFileFaults({ allowScripts: { '@a/b': false } }, lock)).toEqual([])
  expect(findLockFileFaults({ allowScripts: { '@a/b@1.0.0': true } }, lock)).toEqual([])
})
