import { describe, expect, it } from 'vitest'
import { appName } from '../../../agent/contract/common.ts'
import { generateAppName } from '../../../agent/core/apps/app-name.ts'
import { changeConfigVars } from '../../../agent/core/apps/config-vars.ts'
import { runsInJvm } from '../../../agent/core/dynos/boot-timeout.ts'
import { restartDelayMs } from '../../../agent/core/dynos/crash-back-off.ts'
import { next } from '../../../agent/core/dynos/dyno-state.ts'
import { completeFormation, resolveQuantity, resolveSize } from '../../../agent/core/dynos/formation.ts'
import { judgeMemory } from '../../../agent/core/dynos/memory.ts'
import type { RoutedAppState } from '../../../agent/core/ports/routing/router-control.ts'
import type { DynoRow } from '../../../agent/core/ports/store.ts'
import { describeRelease } from '../../../agent/core/releases/release-description.ts'
import { routeApp } from '../../../agent/core/routing/routing.ts'
import { parseSettings } from '../../../agent/operations/settings.ts'
import { appRow, dynoRow } from '../sqlite/rows.ts'

describe('config vars', () => {
  it('are set and removed by name, and what stays the same is no change', () => {
    const change = changeConfigVars({ A: '1', B: '2', C: '3' }, { A: 'x', B: '2', C: null, D: null, E: '' })
    expect(change).toEqual({ configVars: { A: 'x', B: '2', E: '' }, set: ['A', 'E'], removed: ['C'] })
  })

  it('are limited in all, and the error names no value', () => {
    const large = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`V${index}`, 'ü'.repeat(30_000)]))
    expect(() => changeConfigVars({}, large)).toThrow(/300010 bytes; 256 KiB is the limit/)
    expect(() => changeConfigVars({}, { KEY: 'a\0b' })).toThrow('The config var KEY holds a zero byte')
  })
})

describe('a release is described as Heroku words it', () => {
  it.each([
    [describeRelease.deploy('1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b'), 'Deploy 1a2b3c4d'],
    [describeRelease.deploy('v1.2'), 'Deploy v1.2'],
    [describeRelease.deploy(null), 'Deploy of local changes'],
    [describeRelease.rollback(2), 'Rollback to v2'],
    [describeRelease.configVars({ set: ['FOO', 'BAR'], removed: [] }), 'Set FOO, BAR config vars'],
    [describeRelease.configVars({ set: [], removed: ['FOO'] }), 'Remove FOO config vars'],
    [describeRelease.configVars({ set: ['A'], removed: ['B'] }), 'Set A, remove B config vars'],
  ])('%s', (description, expected) => {
    expect(description).toBe(expected)
  })

  it('without listing hundreds of names', () => {
    const set = Array.from({ length: 300 }, (_, index) => `LONG_NAME_NUMBER_${index}`)
    expect(describeRelease.configVars({ set, removed: [] })).toMatch(/NUMBER_7 and 292 more config vars$/)
  })
})

describe('a formation', () => {
  it.each([
    [2, 5, 5],
    [2, '3', 3],
    [2, '+1', 3],
    [2, '-2', 0],
  ])('of %i scaled to %s has %i', (current, quantity, expected) => {
    expect(resolveQuantity(current, quantity)).toBe(expected)
  })

  it.each([
    [0, '-1'],
    [99, '+2'],
    [0, 101],
  ])('of %i is not scaled to %s', (current, quantity) => {
    expect(() => resolveQuantity(current, quantity)).toThrow('it must end between 0 and 100')
  })

  it('starts with one web dyno and none of the others, and never with a release phase', () => {
    const entries = completeFormation({ worker: 'w', web: 'x', release: 'r', clock: 'c' }, [])
    expect(entries.map(({ type, quantity }) => [type, quantity])).toEqual([
      ['web', 1],
      ['clock', 0],
      ['worker', 0],
    ])
  })

  it('knows its sizes in any case', () => {
    expect(resolveSize('Large')).toBe('large')
    expect(() => resolveSize('Performance-L')).toThrow('The sizes of this server are small (256 MB), standard (512 MB)')
  })

  it('takes Heroku’s for those of as much memory', () => {
    const heroku = ['eco', 'Basic', 'Standard-1X', 'standard-2x', 'performance-m']
    expect(heroku.map(resolveSize)).toEqual(['standard', 'standard', 'standard', 'large', 'huge'])
  })
})

it('crashed dynos are started at once first, then ever later, up to ten minutes', () => {
  const seconds = [0, 1, 2, 3, 7, 8, 50].map((restarts) => restartDelayMs(restarts, 0.5) / 1000)
  expect(seconds).toEqual([0, 5, 10, 20, 320, 600, 600])
  expect([restartDelayMs(1, 0), restartDelayMs(1, 0.999)]).toEqual([4000, 5998])
  expect([restartDelayMs(50, 0), restartDelayMs(50, 0.999)]).toEqual([480_000, 600_000])
})

it.each([
  ['Node.js', 'node 24.21.0', false],
  ['JavaScript', 'node 24.21.0', false],
  ['Java', 'apt openjdk-17-jre-headless', true],
  ['Slug archive', 'apt curl openjdk-21-jdk', true],
  ['Scala', 'apt curl', true],
])('a slug of %s over %s: in a Java virtual machine is %s', (description, provider, expected) => {
  expect(runsInJvm({ description, layers: [{ provider, digest: 'ab' }] })).toBe(expected)
})

it('an image of Java says so in its environment', () => {
  const images = [{ environment: { JAVA_HOME: '/opt/java' } }]
  expect(runsInJvm({ description: 'shop:1', layers: [], images })).toBe(true)
})

it('memory is judged by what the size grants and by what ends a dyno', () => {
  const limits = { memoryBytes: 100, memoryMaximumBytes: 200 }
  const judge = (memoryBytes: number, oomKills = 0) => judgeMemory({ memoryBytes, oomKills }, limits)
  expect([judge(100), judge(101), judge(199), judge(200)]).toEqual([
    'within',
    'exceeded',
    'exceeded',
    'vastly-exceeded',
  ])
  expect(judge(1, 1)).toBe('vastly-exceeded')
})

it("the platform's settings are read by their names, and others are refused", () => {
  expect(parseSettings(' stopGraceMs=10 memoryMultiple=1.5\n')).toEqual({ stopGraceMs: 10, memoryMultiple: 1.5 })
  for (const text of ['stopGrace=1', 'stopGraceMs=soon', 'drainMs=0', 'toString=1', 'drainMs']) {
    expect(() => parseSettings(text)).toThrow(`not ${text}.`)
  }
})

describe('a dyno', () => {
  const exit = { status: 1, signal: null, outOfMemory: false }

  it('goes from starting to up to crashed', () => {
    expect(next('starting', { kind: 'ready' })).toEqual({ state: 'up', reason: null })
    expect(next('up', { kind: 'exited', exit })).toEqual({ state: 'crashed', reason: 'exited with status 1' })
  })

  it('that crashed or was stopped is not revived by a late answer to its boot check', () => {
    expect(next('crashed', { kind: 'ready' }).state).toBe('crashed')
    expect(next('down', { kind: 'ready' }).state).toBe('down')
  })

  it('says why it crashed', () => {
    const reason = (change: object) => next('up', { kind: 'exited', exit: { ...exit, ...change } }).reason
    expect(reason({ status: null, signal: 'SIGSEGV' })).toBe('was ended by the signal SIGSEGV')
    expect(reason({ status: null, signal: 'SIGKILL', outOfMemory: true })).toContain('memory limit (R15)')
    expect(next('starting', { kind: 'timed-out', timeoutMs: 60_000 }).reason).toContain('within 60 seconds')
  })
})

describe('an app is routed as', () => {
  const route = (dynos: DynoRow[], change: { servingReleaseId?: string | null; webQuantity?: number } = {}) =>
    routeApp({
      app: appRow(),
      hostnames: [],
      servingReleaseId: dynoRow().releaseId,
      pages: {},
      certificates: [],
      challenges: [],
      webQuantity: 1,
      dynos,
      ...change,
    })
  const cases: [RoutedAppState, DynoRow[], { servingReleaseId?: null; webQuantity?: number }][] = [
    ['blank', [], { servingReleaseId: null }],
    ['stopped', [], { webQuantity: 0 }],
    ['starting', [], {}],
    ['starting', [dynoRow({ state: 'starting' }), dynoRow({ state: 'crashed' })], {}],
    ['crashed', [dynoRow({ state: 'crashed' })], {}],
    ['up', [dynoRow({ state: 'crashed' }), dynoRow()], {}],
  ]
  it.each(cases)('%s', (state, dynos, change) => {
    expect(route(dynos, change).state).toBe(state)
  })

  it('only its web dynos that are up, of the release that serves, and not leaving', () => {
    const others: Partial<DynoRow>[] = [
      { type: 'worker' },
      { releaseId: 'another' },
      { isLeaving: true },
      { state: 'starting' },
      { kind: 'run' },
    ]
    const rows = others.map((change, index) => dynoRow({ ...change, id: `other ${index}` }))
    expect(route([...rows, dynoRow()]).dynos.map(({ id }) => id)).toEqual([dynoRow().id])
  })
})

it('app names that are made up are valid', () => {
  for (let index = 0; index < 500; index += 1) {
    expect(appName.safeParse(generateAppName((below) => (index * 7919) % below)).success).toBe(true)
  }
})
