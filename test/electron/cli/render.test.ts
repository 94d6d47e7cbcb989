import { expect, test } from 'vitest'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Release, ReleaseState } from '../../../agent/contract/releases/release.ts'
import { jsonLines, parseLogLine } from '../../../electron/cli/dynos/logs.ts'
import { describeError } from '../../../electron/cli/main.ts'
import { describeRelease, describeState, joinStates } from '../../../electron/cli/releases/releases.ts'
import { renderEvent } from '../../../electron/cli/servers/install.ts'
import { formatBytes, formatMoment, renderTable } from '../../../electron/cli/table.ts'

test('a table has columns as wide as their widest cell and no spaces at the end', () => {
  const text = renderTable(
    ['app', 'server'],
    [
      ['shop', 'This computer'],
      ['a-long-name', 'box'],
    ],
    'none',
  )
  expect(text).toBe('APP          SERVER\nshop         This computer\na-long-name  box\n')
  expect(renderTable(['app'], [], 'No apps yet.')).toBe('No apps yet.\n')
})

test('sizes and moments are short', () => {
  const sizes = [0, 1023, 1024, 1_300_000, 200_300_000, 5.5e12]
  expect(sizes.map(formatBytes)).toEqual(['0 B', '1023 B', '1.0 KB', '1.2 MB', '191 MB', '5.0 TB'])
  expect(formatMoment('2026-11-21T03:45:12.123456+00:00')).toBe('2026-11-21 03:45:12')
})

test('a log line is told apart, and one that is not ours stays text', () => {
  expect(parseLogLine('2026-11-21T03:45:12.123456+00:00 app[web.1]: hello: [x]')).toEqual({
    at: '2026-11-21T03:45:12.123456+00:00',
    source: 'app',
    process: 'web.1',
    text: 'hello: [x]',
  })
  expect(parseLogLine('torn')).toEqual({ at: null, source: null, process: null, text: 'torn' })
})

test('lines that come in pieces, cut within a letter too, become one JSON object each', () => {
  const render = jsonLines()
  const bytes = Buffer.from('2026-11-21T03:45:12.123456+00:00 app[web.1]: grüße\n2026')
  const cut = bytes.indexOf('ü') + 1
  const said = render(bytes.subarray(0, cut)) + render(bytes.subarray(cut))
  expect(said.split('\n')).toHaveLength(2)
  expect(JSON.parse(said).text).toBe('grüße')
})

test('errors are sentences for people and documents for programs', () => {
  const error = new HearthError('not_found', "Couldn't find that app: shop.")
  expect(describeError(error, false)).toBe("hearth: Couldn't find that app: shop.\n")
  expect(describeError(error, true)).toBe('{"id":"not_found","message":"Couldn\'t find that app: shop."}\n')
  expect(JSON.parse(describeError(new TypeError('oops'), true))).toEqual({ id: 'internal', message: 'oops' })
})

test('an installation shows checks with remedies and steps with their time', () => {
  const check = { name: 'disk', state: 'failed', found: '1 GB free', remedy: 'Free 3 GB.' } as const
  expect(renderEvent({ kind: 'check', check })).toBe('  NO  disk: 1 GB free\n      Free 3 GB.\n')
  const step = { kind: 'step', step: 'Send', state: 'done', durationMs: 1234, message: null } as const
  expect(renderEvent(step)).toBe('      done (1.2 s)\n')
  expect(renderEvent({ kind: 'output', text: 'one\ntwo\n' })).toBe('      one\n      two\n')
  expect(renderEvent({ kind: 'plan', steps: ['Send'] })).toBeNull()
})

test('a release that was pushed shows the first line of its commit', () => {
  const source = { kind: 'git', version: '1a2b', description: 'Say hello' } as const
  expect(describeRelease({ description: 'Deploy 1a2b', source })).toBe('Deploy 1a2b: Say hello (git push)')
  expect(describeRelease({ description: 'Deploy 1a2b', source: { ...source, description: '' } })).toBe(
    'Deploy 1a2b (git push)',
  )
  const folder = { kind: 'folder', version: null, description: null } as const
  expect(describeRelease({ description: 'Deploy of local changes', source: folder })).toBe('Deploy of local changes')
})

test('releases say why they failed, or why there is no way back to them', () => {
  const release = (version: number, more: Partial<Release>) => ({ version, current: false, ...more }) as Release
  const state = (version: number, reason: string | null, rollback_obstacle: string | null) =>
    ({ version, status: 'succeeded', reason, rollback_obstacle }) as ReleaseState
  const releases = [release(1, {}), release(2, {}), release(3, {}), release(4, { current: true })]
  const states = [
    state(1, null, 'it has no code to run'),
    state(3, 'The release command ended\nwith status 1.', 'it failed'),
    state(4, null, 'it is current'),
  ]
  expect(joinStates(releases, states).map((one) => `v${one.version} ${describeState(one)}`)).toEqual([
    'v4 ',
    'v3 failed: The release command ended with status 1.',
    'v2 ',
    'v1 no way back: it has no code to run',
  ])
})
