import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { until } from '../../../tooling/until.ts'
import { Bench, settle } from '../workbench.ts'

let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
})
afterEach(() => bench.close())

const source_blob = { url: 'https://forge.example/shop.tar.gz', version: 'v1' }

async function setUp(manifest: unknown, request: object = {}) {
  bench.builder.manifest = manifest === undefined ? null : JSON.stringify(manifest)
  const body = { source_blob, app: { name: 'shop' }, ...request }
  return bench.call('createAppSetup', { parameters: {}, body })
}

const look = (setup: string) => bench.call('getAppSetup', { parameters: { setup }, body: undefined })

/** To its end, whatever it needs. */
async function finish(id: string) {
  for (let turn = 0; turn < 20; turn++) {
    await settle()
    await bench.clock.advance(1000)
    if ((await look(id)).status !== 'pending') break
  }
  return look(id)
}

describe('an app setup', () => {
  it('answers with the app at once, and makes the rest of app.json', async () => {
    const env = { GREETING: 'hello', TOKEN: { generator: 'secret' } }
    const formation = { web: { quantity: 2 }, worker: { quantity: 1 } }
    bench.builder.processTypes = { web: 'listen', worker: 'work' }
    const setup = await setUp({ env, formation, buildpacks: [{ url: 'heroku/nodejs' }] })
    expect(setup).toMatchObject({ status: 'pending', app: { name: 'shop' }, build: null })
    expect(await finish(setup.id)).toMatchObject({
      status: 'succeeded',
      build: { status: 'succeeded' },
      manifest_errors: [],
      failure_message: null,
      postdeploy: null,
    })
    const parameters = { app: 'shop' }
    const configVars = await bench.call('getConfigVars', { parameters, body: undefined })
    expect(configVars).toEqual({ GREETING: 'hello', TOKEN: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const dynos = await bench.call('listDynos', { parameters, body: undefined })
    expect(dynos.map(({ name }) => name).sort()).toEqual(['web.1', 'web.2', 'worker.1'])
    expect(bench.builder.requests.at(-1)).toMatchObject({ sourceUrl: 'blob:taken', buildpacks: ['heroku/nodejs'] })
  })

  it('is built on the stack that was asked for, before that of app.json, before the server’s own', async () => {
    const stackOf = async (name: string, manifest: unknown, stack?: string) => {
      const { id } = await setUp(manifest, { app: { name, ...(stack && { stack }) } })
      expect(await finish(id)).toMatchObject({ status: 'succeeded' })
      return bench.builder.requests.at(-1)?.stack
    }
    expect(await stackOf('json', { stack: 'heroku-24' })).toBe('ubuntu-24.04')
    expect(await stackOf('asked', { stack: 'ubuntu-24.04' }, 'fake-1')).toBe('fake-1')
    expect(await stackOf('silent', {})).toBe('fake-1')
    // What most sources were written on is no reason not to build them.
    expect(await stackOf('of-heroku', { stack: 'heroku-18' })).toBe('fake-1')
    const { id } = await setUp({ stack: 'plan9' }, { app: { name: 'unknown' } })
    expect(await finish(id)).toMatchObject({ status: 'failed', failure_message: expect.stringContaining('"plan9"') })
  })

  it('runs the postdeploy command when the app serves, and keeps what it said', async () => {
    const setup = await setUp({ scripts: { postdeploy: 'seed' } })
    const dyno = await until(async () => {
      await bench.clock.advance(1000)
      const dynos = await bench.call('listDynos', { parameters: { app: 'shop' }, body: undefined })
      return dynos.find(({ type }) => type === 'postdeploy') ?? expect.unreachable()
    })
    bench.runner.print(dyno.name, 'seeded\n')
    bench.runner.end(dyno.id, { status: 0 })
    expect(await finish(setup.id)).toMatchObject({
      status: 'succeeded',
      postdeploy: { exit_code: 0, output: 'seeded\n' },
    })
    expect(bench.logs.lines.join('\n')).toContain('Starting process with command `seed` by user ann@laptop')
  })

  it('fails with the postdeploy command', async () => {
    const setup = await setUp({ scripts: { postdeploy: 'exit 3' } })
    expect(await finish(setup.id)).toMatchObject({
      status: 'failed',
      postdeploy: { exit_code: 3 },
      failure_message: 'The postdeploy command ended with status 3.',
    })
  })

  it('whose postdeploy command never ends is given up, and its dyno stopped', async () => {
    const setup = await setUp({ scripts: { postdeploy: 'seed' } })
    await finish(setup.id)
    await bench.clock.advance(60 * 60_000)
    expect(await finish(setup.id)).toMatchObject({
      status: 'failed',
      failure_message: 'The postdeploy command did not end within 60 minutes.',
    })
    expect(bench.store.dynos.listAll().some(({ type }) => type === 'postdeploy')).toBe(false)
  })

  it('fails with what app.json asks for and is not here, before anything is built', async () => {
    const setup = await setUp({ addons: ['heroku-postgresql'], env: { KEY: {} } })
    expect(await finish(setup.id)).toMatchObject({
      status: 'failed',
      manifest_errors: [expect.stringContaining('requires KEY'), expect.stringContaining('add-ons')],
      build: null,
    })
    expect(bench.builder.requests).toEqual([])
  })

  it('fails with its build, and the app stays to be looked at', async () => {
    bench.builder.failure = new HearthError('build_failed', 'No lock file.')
    const setup = await setUp({})
    expect(await finish(setup.id)).toMatchObject({
      status: 'failed',
      build: { status: 'failed' },
      failure_message: expect.stringContaining('build failed'),
    })
    expect(await bench.call('getApp', { parameters: { app: 'shop' }, body: undefined })).toMatchObject({ name: 'shop' })
  })

  it('needs no app.json, and makes up a name', async () => {
    const setup = await setUp(undefined, { app: {} })
    expect(await finish(setup.id)).toMatchObject({
      status: 'succeeded',
      app: { name: expect.stringMatching(/^[a-z]+-[a-z]+-\d+$/) },
    })
  })

  it('that the agent did not survive has failed, and says so', async () => {
    const building = Promise.withResolvers<void>()
    bench.builder.working = building.promise
    const setup = await setUp({})
    await settle()
    await bench.restart()
    expect(await look(setup.id)).toMatchObject({
      status: 'failed',
      failure_message: expect.stringContaining('The agent stopped'),
    })
    building.resolve()
  })
})
