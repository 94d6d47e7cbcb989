import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { Bench, settle } from '../workbench.ts'

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
const create = async (app = 'shop', url = 'manifest:m1') => {
  const build = await bench.call('createBuild', { parameters: { app }, body: { source_blob: { url } } })
  await settle()
  return build
}
const get = (build: string, app = 'shop') => bench.call('getBuild', { parameters: { app, build }, body: undefined })
const queue = async () => {
  const builds = await bench.call('listBuildQueue', { parameters: {}, body: undefined })
  return builds.map(({ app, state }) => `${app.name} ${state}`)
}
const output = (build: { output_stream_url: string }) =>
  bench.readStream(build.output_stream_url.split('/').at(-1) ?? '')

describe('a build', () => {
  it('ends with a release, and its output says so', async () => {
    const build = await create()
    expect(build.status).toBe('pending')
    const [, release] = await bench.call('listReleases', { parameters, body: undefined })
    expect(await get(build.id)).toMatchObject({ status: 'succeeded', release: { id: release?.id } })
    expect(await output(build)).toBe('-----> Fake app detected\n-----> Launching...\n       Released v2\n')
    const { slug } = await get(build.id)
    const found = await bench.call('getSlug', { parameters: { ...parameters, slug: slug?.id ?? '' }, body: undefined })
    expect(found).toMatchObject({ process_types: { web: 'listen' }, size: 4 })
    expect(await output({ output_stream_url: found.blob.url })).toBe(`archive of ${found.checksum}`)
  })

  it('that fails has the reason as its last line and makes no release', async () => {
    bench.builder.failure = new HearthError('build_failed', 'npm install failed: see above.')
    const build = await create()
    expect(await get(build.id)).toMatchObject({ status: 'failed', release: null })
    expect(await output(build)).toMatch(/\n ! {5}npm install failed: see above\.\n$/)
    expect(await bench.releases()).toHaveLength(1)
  })

  it('whose release fails says why in its output', async () => {
    bench.builder.processTypes = { web: 'exit 1' }
    const build = await create()
    expect(await output(build)).toContain(' !     Release v2 failed: web.1 exited with status 1.')
  })

  it('can be followed while it goes on, by several readers', async () => {
    const working = Promise.withResolvers<void>()
    bench.builder.working = working.promise
    const build = await create()
    const readers = [output(build), output(build)]
    await settle()
    working.resolve()
    const [first, second] = await Promise.all(readers)
    expect(first).toBe(second)
    expect(first).toContain('Released v2')
  })

  it('gets the app’s buildpacks and config vars, and an upload by its secret', async () => {
    await bench.call('updateBuildpackInstallations', { parameters, body: { updates: [{ buildpack: 'hearth/node' }] } })
    await bench.setConfigVars({ NODE_ENV: 'production' })
    await create('shop', 'http://127.0.0.1:5000/source-blobs/abc-123')
    const [request] = bench.builder.requests
    expect(request).toMatchObject({ sourceUrl: 'blob:abc-123', buildpacks: ['hearth/node'] })
    expect(request?.configVars.reveal()).toEqual({ NODE_ENV: 'production' })
  })
})

describe('buildpacks', () => {
  const list = async () => {
    const installed = await bench.call('listBuildpackInstallations', { parameters, body: undefined })
    return installed.map(({ buildpack }) => buildpack.url)
  }

  it('that were detected stay with the app from its first build on', async () => {
    await create()
    expect(await list()).toEqual(['hearth/fake'])
    await create()
    expect(bench.builder.requests.map(({ buildpacks }) => buildpacks)).toEqual([[], ['hearth/fake']])
  })

  it('that the source asks for stay its own: the next source may ask for others', async () => {
    bench.builder.chosenBy = 'source'
    const facts = { commit: 'a1b2c3' }
    bench.builder.reports = [{ buildpack: 'https://example.com/pack.git', facts }]
    await create()
    expect(await list()).toEqual([])
    await create()
    expect(bench.builder.requests.map(({ pins }) => pins)).toEqual([{}, { 'https://example.com/pack.git': 'a1b2c3' }])
  })

  it('that were chosen win, and those of one build are of that build alone', async () => {
    const body = { source_blob: { url: 'manifest:m1' }, buildpacks: [{ url: 'https://example.com/once.git' }] }
    await bench.call('createBuild', { parameters, body })
    await settle()
    expect(await list()).toEqual([])
    await bench.call('updateBuildpackInstallations', { parameters, body: { updates: [{ buildpack: 'hearth/node' }] } })
    await create()
    expect(await list()).toEqual(['hearth/node'])
  })
})

describe('the build queue', () => {
  it('tells those who wait how many are before them, as that changes', async () => {
    bench.builder.working = new Promise(() => undefined)
    const [, second, third] = [await create(), await create(), await create()]
    const aheads = async () => {
      const builds = await bench.call('listBuildQueue', { parameters: {}, body: undefined })
      return builds.map(({ ahead }) => ahead)
    }
    expect(await aheads()).toEqual([0, 1, 2])
    await bench.call('cancelBuild', { parameters: { ...parameters, build: second?.id ?? '' }, body: undefined })
    expect(await aheads()).toEqual([0, 1])
    await bench.call('cancelBuild', { parameters: { ...parameters, build: third?.id ?? '' }, body: undefined })
    const lines = (await output(third as { output_stream_url: string })).split('\n').slice(0, 2)
    expect(lines).toEqual([
      '-----> Waiting: 2 builds are before this one',
      '-----> Waiting: 1 build is before this one',
    ])
  })

  it('runs one build at a time, in order, and shows who waits', async () => {
    await bench.createApp('other')
    const working = Promise.withResolvers<void>()
    bench.builder.working = working.promise
    await create()
    const second = await create('other')
    expect(await queue()).toEqual(['shop running', 'other queued'])
    expect(bench.builder.requests).toHaveLength(1)
    working.resolve()
    await settle()
    expect(await queue()).toEqual([])
    expect(await output(second)).toMatch(/^-----> Waiting: 1 build is before this one\n/)
  })

  it('lets a build be cancelled while it waits and while it runs', async () => {
    await bench.createApp('other')
    bench.builder.working = new Promise(() => undefined)
    const running = await create()
    const waiting = await create('other')
    const cancel = (app: string, build: string) =>
      bench.call('cancelBuild', { parameters: { app, build }, body: undefined })
    expect(await cancel('other', waiting.id)).toMatchObject({ status: 'failed' })
    await cancel('shop', running.id)
    await settle()
    expect(await get(running.id)).toMatchObject({ status: 'failed' })
    expect(await output(waiting)).toContain(' !     The build was cancelled by ann@laptop.')
    await expect(cancel('shop', running.id)).rejects.toMatchObject({ id: 'conflict' })
  })

  it('of a restarted agent has what waited; what ran is marked as interrupted', async () => {
    await bench.createApp('other')
    bench.builder.working = new Promise(() => undefined)
    const running = await create()
    const waiting = await create('other')
    bench.builder.working = Promise.resolve()
    await bench.restart()
    expect(await get(running.id)).toMatchObject({ status: 'failed' })
    expect(await output(running)).toMatch(
      /^-----> Fake app detected\n\n ! {5}The agent stopped during this build\. Its source is kept/,
    )
    expect(await get(waiting.id, 'other')).toMatchObject({ status: 'succeeded' })
    expect(bench.logs.lines).toContain('api: Build interrupted: the agent stopped while it ran')
    const again = await create('shop', bench.builder.requests[0]?.sourceUrl)
    expect(await get(again.id)).toMatchObject({ status: 'succeeded' })
  })

  it('of a restarted agent releases what was built and not yet released', async () => {
    const build = await create()
    const { slug } = await get(build.id)
    bench.store.builds.update(build.id, { status: 'pending', isRunning: true, releaseId: null })
    await bench.restart()
    expect(await get(build.id)).toMatchObject({ status: 'succeeded', slug, release: { id: expect.any(String) } })
    expect(await bench.releases()).toHaveLength(2)
  })
})
