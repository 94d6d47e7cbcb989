import { expect, test } from 'vitest'
import { findMissing, isDebian, type Preparation } from './debian-packages.ts'
import { type Machine, planProjects } from './test-plan.ts'

const able: Machine = {
  platform: 'linux',
  isRoot: true,
  packages: { kind: 'ready', installed: [] },
  chromium: '/usr/bin/chromium',
  hasNamespaces: true,
}
const reasons = (machine: Partial<Machine>) =>
  planProjects(['unit', 'server', 'e2e'], { ...able, ...machine }).map(({ leftOutBecause }) => leftOutBecause)

test('everything is planned where everything can run', () => {
  expect(planProjects(['unit', 'server', 'e2e'], able)).toEqual([
    { name: 'unit', leftOutBecause: null },
    { name: 'server', leftOutBecause: null },
    { name: 'e2e', leftOutBecause: null },
  ])
})

test('without root, server and end-to-end tests are left out with the reason', () => {
  expect(reasons({ isRoot: false })).toEqual([null, 'test servers need root', 'test servers need root'])
})

test('the suite of the heroku client needs a test server and no browser', () => {
  expect(planProjects(['client'], { ...able, chromium: null })[0]?.leftOutBecause).toBe(null)
  expect(planProjects(['client'], { ...able, isRoot: false })[0]?.leftOutBecause).toBe('test servers need root')
})

test('without a browser only end-to-end tests are left out', () => {
  expect(reasons({ chromium: null })).toEqual([null, null, expect.stringContaining('no chromium')])
})

test('missing packages are named with why they were not installed', () => {
  const packages: Preparation = { kind: 'incomplete', missing: ['zstd', 'git'], why: 'apt-get update failed' }
  expect(reasons({ packages })[1]).toBe('apt-get update failed; missing: zstd git')
})

test('test servers are left out on another system than Linux', () => {
  expect(reasons({ platform: 'darwin' })[1]).toContain('this is darwin')
})

test('a package that was removed but left its configuration is missing', () => {
  expect(findMissing(['git', 'zstd', 'dbus'], 'git installed\nzstd config-files\n')).toEqual(['zstd', 'dbus'])
})

test.each([
  ['PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', true],
  ['ID=ubuntu\nID_LIKE=debian\n', true],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', true],
  ['ID=fedora\n', false],
  ['', false],
])('Debian and its relatives are recognised: %j', (osRelease, expected) => {
  expect(isDebian(osRelease)).toBe(expected)
})
