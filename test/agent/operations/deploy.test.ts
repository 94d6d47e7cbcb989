import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bench, settle } from './workbench.ts'

let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
})
afterEach(async () => {
  await bench.close()
})

const stepsOf = (verb: string) =>
  bench.events.flatMap(({ step }) => (step?.verb === verb ? [`${step.step}: ${step.state}`] : []))

describe('a deploy', () => {
  it('builds, starts one web dyno, routes to it and becomes the current release', async () => {
    await bench.deploy({ web: 'listen', worker: 'work' })
    expect(await bench.releases()).toEqual(['v1 succeeded: Initial release', 'v2 succeeded: Deploy 1a2b3c4d (current)'])
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    expect(bench.routed()).toEqual(['web.1'])
    expect(bench.router.app('shop')).toMatchObject({ state: 'up', hostnames: ['shop.localhost'] })
    expect(bench.problems).toEqual([])
  })

  it('replaces the old dynos, which get no request after the switch and are stopped after draining', async () => {
    await bench.deploy({ web: 'listen 1' })
    const old = bench.runner.idOf('web.1')
    const drained = Promise.withResolvers<void>()
    bench.router.draining = drained.promise
    await bench.deploy({ web: 'listen 2' })
    expect(bench.router.app('shop').dynos.map(({ id }) => id)).toEqual([bench.runner.idOf('web.1')])
    expect(bench.router.drains).toEqual([[old]])
    expect(bench.runner.list()).toEqual(['web.1: listen 1', 'web.1: listen 2'])
    expect(await bench.dynos()).toEqual(['web.1 up v3'])
    drained.resolve()
    await settle()
    expect(bench.runner.list()).toEqual(['web.1: listen 2'])
  })

  it('tells its steps in order', async () => {
    await bench.deploy({ web: 'listen 1' })
    bench.events.length = 0
    await bench.deploy({ web: 'listen 2' })
    const names = ['start the new dynos', 'wait until they are up', 'switch the router', 'drain and stop the old dynos']
    expect(stepsOf('deploy')).toEqual(names.flatMap((name) => [`${name}: running`, `${name}: done`]))
  })

  it('writes what happens to the log in the words that people search for', async () => {
    await bench.deploy({ web: 'listen' })
    for (const line of [
      'api: Build started by user ann@laptop',
      'api: Deploy 1a2b3c4d by user ann@laptop',
      'api: Release v2 created by user ann@laptop',
      'web.1: Starting process with command `listen`',
      'web.1: State changed from starting to up',
    ]) {
      expect(bench.logs.lines).toContain(line)
    }
  })

  it('gives the dyno its config vars and the platform’s own', async () => {
    await bench.setConfigVars({ GREETING: 'hello' })
    await bench.deploy({ web: 'listen' })
    const environment = bench.runner.started.at(-1)?.environment.reveal()
    expect(environment).toMatchObject({
      GREETING: 'hello',
      DYNO: 'web.1',
      HEROKU_RELEASE_VERSION: 'v3',
      HEARTH_APP_NAME: 'shop',
      HEROKU_APP_DEFAULT_DOMAIN_NAME: 'shop.localhost',
      HEROKU_BUILD_COMMIT: '1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b',
      HEROKU_BUILD_DESCRIPTION: 'Deploy 1a2b3c4d',
    })
  })

  it('starts nothing when the app has no process that is scaled up, and still succeeds', async () => {
    await bench.deploy({ worker: 'work' })
    expect(await bench.releases()).toContain('v2 succeeded: Deploy 1a2b3c4d (current)')
    expect(bench.runner.list()).toEqual([])
    expect(bench.router.app('shop').state).toBe('stopped')
  })
})

describe('a deploy that fails leaves the old release serving', () => {
  beforeEach(async () => {
    await bench.deploy({ web: 'listen 1' })
  })
  afterEach(async () => {
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    expect(bench.runner.list()).toEqual(['web.1: listen 1'])
    expect(bench.routed()).toEqual(['web.1'])
    expect((await bench.releases())[1]).toBe('v2 succeeded: Deploy 1a2b3c4d (current)')
  })

  const reason = () => bench.store.releases.byVersion(bench.store.apps.list()[0]?.id ?? '', 3)?.reason

  it('when the new dyno crashes at boot', async () => {
    await bench.deploy({ web: 'exit 1' })
    expect(reason()).toBe("web.1 exited with status 1. The app's log has the details.")
  })

  it('when the new dyno never listens', async () => {
    await bench.deploy({ web: 'hang' })
    expect(reason()).toBeNull()
    await bench.clock.advance(60_000)
    expect(reason()).toContain('web.1 did not listen on $PORT within 60 seconds of launch (R10)')
    expect(bench.logs.lines.join('\n')).toContain('Error R10 (Boot timeout)')
  })

  it('when the new dyno can not be started', async () => {
    await bench.deploy({ web: 'refuse' })
    expect(reason()).toContain('The fake refuses to start this.')
  })

  it('when the slug is damaged', async () => {
    bench.slugs.isDamaged = true
    await bench.deploy({ web: 'listen 2' })
    expect(reason()).toContain('The slug is damaged.')
  })

  it('when one of several dynos crashes', async () => {
    await bench.call('updateFormation', {
      parameters: { app: 'shop' },
      body: { updates: [{ type: 'web', quantity: 1 }] },
    })
    bench.store.formations.put({
      id: '00000000-0000-4000-8000-000000000001',
      appId: bench.store.apps.list()[0]?.id ?? '',
      type: 'worker',
      quantity: 2,
      size: 'standard',
      createdAt: '',
      updatedAt: '',
    })
    await bench.deploy({ web: 'listen 2', worker: 'exit 7' })
    expect(reason()).toMatch(/worker\.\d exited with status 7/)
  })

  it('when the router is away', async () => {
    bench.router.isAway = true
    await bench.deploy({ web: 'listen 2' })
    bench.router.isAway = false
    expect(reason()).toBe('The router is away.')
  })

  it('when the release phase fails; its output can be read', async () => {
    await bench.deploy({ web: 'listen 2', release: 'exit 3' })
    expect(reason()).toBe('The release command exited with status 3; the old release keeps serving.')
    expect(bench.runner.started.at(-1)?.name).toMatch(/^release\.\d{4}$/)
  })

  it('when the release phase takes too long', async () => {
    await bench.deploy({ web: 'listen 2', release: 'migrate' })
    await bench.clock.advance(60 * 60_000)
    expect(reason()).toBe('The release command did not end within 60 minutes.')
  })
})

describe('a release phase', () => {
  it('runs before any new dyno starts, with its output on the release', async () => {
    await bench.deploy({ web: 'listen', release: 'migrate' })
    expect(bench.runner.list()).toHaveLength(1)
    const name = bench.runner.started.at(-1)?.name ?? ''
    bench.runner.print(name, 'migrating\n')
    bench.runner.end(bench.runner.idOf(name), { status: 0 })
    await settle()
    expect(bench.runner.list()).toEqual(['web.1: listen'])
    const release = await bench.call('getRelease', { parameters: { app: 'shop', release: 'v2' }, body: undefined })
    const secret = release.output_stream_url?.split('/').at(-1) ?? ''
    expect(await bench.readStream(secret)).toBe('migrating\n')
  })
})

describe('a first deploy whose web dyno crashes', () => {
  it('fails, leaves nothing running, and a later good one takes over', async () => {
    await bench.deploy({ web: 'exit 1' })
    expect(await bench.releases()).toEqual(['v1 succeeded: Initial release (current)', 'v2 failed: Deploy 1a2b3c4d'])
    expect(bench.runner.list()).toEqual([])
    expect(bench.router.app('shop').state).toBe('blank')
    await bench.deploy({ web: 'listen' })
    expect(await bench.dynos()).toEqual(['web.1 up v3'])
  })
})
