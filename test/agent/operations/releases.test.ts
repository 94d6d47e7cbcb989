import { createHash, verify } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { renderReleaseLink } from '../../../agent/contract/releases/release.ts'
import { Bench, serverKey, settle } from './workbench.ts'

let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

const parameters = { app: 'shop' }

describe('config vars', () => {
  it('make a release that restarts the dynos with them', async () => {
    await bench.deploy({ web: 'listen' })
    expect(await bench.setConfigVars({ FOO: '1', BAR: '2' })).toEqual({ FOO: '1', BAR: '2' })
    expect((await bench.releases()).at(-1)).toBe('v3 succeeded: Set FOO, BAR config vars (current)')
    expect(bench.runner.started.at(-1)?.environment.reveal()).toMatchObject({ FOO: '1', BAR: '2' })
    expect(await bench.dynos()).toEqual(['web.1 up v3'])
    await bench.setConfigVars({ FOO: null })
    expect((await bench.releases()).at(-1)).toBe('v4 succeeded: Remove FOO config vars (current)')
  })

  it('that do not change make no release', async () => {
    await bench.setConfigVars({ FOO: '1' })
    await bench.setConfigVars({ FOO: '1', NEVER_WAS: null })
    expect(await bench.releases()).toHaveLength(2)
  })

  it('are never in the log', async () => {
    await bench.setConfigVars({ TOKEN: 'opensesame' })
    expect(bench.logs.lines.join()).not.toContain('opensesame')
    expect(JSON.stringify(bench.events)).not.toContain('opensesame')
  })

  it('are kept as they were with each release', async () => {
    await bench.setConfigVars({ FOO: '1' })
    await bench.setConfigVars({ FOO: '2' })
    const of = (release: string) =>
      bench.call('getReleaseConfigVars', { parameters: { ...parameters, release }, body: undefined })
    expect([await of('1'), await of('v2'), await of('3')]).toEqual([{}, { FOO: '1' }, { FOO: '2' }])
  })

  it('can be set before the first deploy', async () => {
    await bench.setConfigVars({ FOO: '1' })
    expect(await bench.releases()).toEqual([
      'v1 succeeded: Initial release',
      'v2 succeeded: Set FOO config vars (current)',
    ])
    expect(bench.router.app('shop').state).toBe('blank')
  })

  it('that break the app leave the old release serving and stay as edited', async () => {
    await bench.deploy({ web: 'listen', release: 'exit 0' })
    bench.slugs.isDamaged = true
    await bench.setConfigVars({ BROKEN: '1' })
    expect((await bench.releases()).at(-1)).toBe('v3 failed: Set BROKEN config vars')
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    expect(await bench.call('getConfigVars', { parameters, body: undefined })).toEqual({ BROKEN: '1' })
  })

  it('of two desktops at once both count', async () => {
    await bench.deploy({ web: 'listen' })
    await Promise.all([
      bench.setConfigVars({ A: '1' }),
      bench.setConfigVars({ B: '2' }),
      bench.setConfigVars({ C: '3' }),
    ])
    expect(await bench.call('getConfigVars', { parameters, body: undefined })).toEqual({ A: '1', B: '2', C: '3' })
    expect(await bench.dynos()).toEqual(['web.1 up v5'])
    expect(bench.runner.list()).toHaveLength(1)
  })
})

describe('a rollback', () => {
  it('makes a new release from the old slug and the old config vars', async () => {
    await bench.deploy({ web: 'listen 1' })
    await bench.setConfigVars({ FOO: '1' })
    await bench.deploy({ web: 'listen 2' })
    await bench.call('createRelease', { parameters, body: { release: 'v2' } })
    await settle()
    expect((await bench.releases()).at(-1)).toBe('v5 succeeded: Rollback to v2 (current)')
    expect(bench.runner.list()).toEqual(['web.1: listen 1'])
    expect(await bench.call('getConfigVars', { parameters, body: undefined })).toEqual({})
  })

  it('refuses a release without code, and one that failed', async () => {
    await bench.deploy({ web: 'exit 1' })
    const rollBack = (release: string) => bench.call('createRelease', { parameters, body: { release } })
    await expect(rollBack('v1')).rejects.toThrow('it has no code to run')
    await expect(rollBack('v2')).rejects.toThrow('it failed')
    const states = await bench.call('listReleaseStates', { parameters, body: undefined })
    expect(states).toMatchObject([
      { version: 1, status: 'succeeded', reason: null, rollback_obstacle: 'it has no code to run' },
      {
        version: 2,
        status: 'failed',
        reason: expect.stringContaining('exited with status 1'),
        rollback_obstacle: 'it failed',
      },
    ])
    await expect(rollBack('v9')).rejects.toMatchObject({ id: 'not_found', resource: 'release' })
  })
})

it('tells where the code came from that a release brought', async () => {
  const build = async (url: string, more: { version?: string; version_description?: string } = {}) => {
    await bench.call('createBuild', { parameters, body: { source_blob: { url, ...more } } })
    await settle()
    await bench.clock.advance(1000)
  }
  await build('manifest:m1')
  await build('git:1a2b', { version: '1a2b', version_description: 'Say hello' })
  await build('https://example.com/app.tgz')
  await bench.setConfigVars({ A: '1' })
  const states = await bench.call('listReleaseStates', { parameters, body: undefined })
  expect(states.map(({ source }) => source)).toEqual([
    null,
    { kind: 'folder', version: null, description: null },
    { kind: 'git', version: '1a2b', description: 'Say hello' },
    { kind: 'archive', version: null, description: null },
    null,
  ])
})

it('chains releases by hash, each signed by the server', async () => {
  await bench.deploy({ web: 'listen' })
  await bench.setConfigVars({ FOO: '1' })
  await bench.deploy({ web: 'exit 1' })
  const links = await bench.call('listReleaseLinks', { parameters, body: undefined })
  expect(links.map(({ version }) => version)).toEqual([1, 2, 3, 4])
  let previous = '0'.repeat(64)
  for (const link of links) {
    const hash = createHash('sha256').update(renderReleaseLink(link)).digest()
    expect(link.previous_hash).toBe(previous)
    expect(link.hash).toBe(hash.toString('hex'))
    expect(verify(null, hash, serverKey, Buffer.from(link.signature, 'base64'))).toBe(true)
    previous = link.hash
  }
})
