import { afterEach, beforeEach, expect, it } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { Bench, settle } from '../workbench.ts'

const parameters = { app: 'shop' }
const digest = `sha256:${'ab'.repeat(32)}`
const runtime = { environment: { PATH: '/bin' }, directory: '/srv', uid: 33, home: '/srv' }
let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

async function deployImage(reference: string): Promise<void> {
  bench.builder.processTypes = { web: 'listen', worker: 'listen' }
  bench.builder.images = ['web', 'worker'].map((type) => ({
    ...runtime,
    folder: type,
    processTypes: [type],
    reference,
    digest,
  }))
  await bench.call('createBuild', { parameters, body: { source_blob: { url: `docker://${reference}` } } })
  await settle()
  await bench.clock.advance(1000)
}
const imagesOf = () =>
  [...bench.runner.processes.values()]
    .map(({ spec }) => `${spec.name} ${('image' in spec && spec.image?.folder) || 'none'}`)
    .sort()

it('an image is deployed as a build: its dynos run in it, and its release tells name and digest', async () => {
  await deployImage('registry.example/shop:1')
  await bench.scale([{ type: 'worker', quantity: 1 }])
  expect(imagesOf()).toEqual(['web.1 web', 'worker.1 worker'])
  expect(bench.builder.requests.at(-1)).toMatchObject({
    sourceUrl: 'docker://registry.example/shop:1',
    stack: 'container',
  })
  const releases = await bench.call('listReleases', { parameters, body: undefined })
  expect(releases.at(-1)?.description).toBe(`Deploy registry.example/shop:1 (${digest.slice(0, 19)})`)
})

it('an app that was given an image is on the container stack, and back on buildpacks by choice', async () => {
  const stack = async () => (await bench.call('getApp', { parameters, body: undefined })).build_stack.name
  const before = await stack()
  await deployImage('shop:1')
  expect(await stack()).toBe('container')
  await bench.call('updateApp', { parameters, body: { build_stack: before } })
  bench.builder.images = []
  await bench.deploy({ web: 'listen' })
  expect(imagesOf()).toEqual(['web.1 none'])
})

it('a rollback brings back the image that was, and one-off dynos run in the first', async () => {
  await deployImage('shop:1')
  bench.builder.images = []
  await bench.deploy({ web: 'listen' })
  await bench.call('createRelease', { parameters, body: { release: 2 } })
  await settle()
  await bench.clock.advance(1000)
  expect(imagesOf()).toEqual(['web.1 web'])
  await bench.call('createDyno', { parameters, body: { command: 'listen', attach: false } })
  await settle()
  expect(imagesOf().map((line) => line.replace(/\d{4}/, 'N'))).toEqual(['run.N web', 'web.1 web'])
})

it('an app of a builder’s image is on the cnb stack, runs its types by name, and all else through the launcher', async () => {
  bench.builder.images = [
    { ...runtime, folder: 'web', processTypes: ['worker'], reference: 'builder:1', digest, hasLauncher: true },
  ]
  await bench.deploy({ worker: 'work hard' })
  await bench.scale([{ type: 'worker', quantity: 1 }])
  await bench.call('createDyno', { parameters, body: { command: 'rake "a b"', attach: false } })
  await settle()
  const commands = [...bench.runner.processes.values()].map(({ spec }) => spec.command).sort()
  expect(commands).toEqual([`/cnb/lifecycle/launcher 'rake "a b"'`, '/cnb/process/worker'])
  const dynos = await bench.call('listDynos', { parameters, body: undefined })
  expect(dynos.map(({ command }) => command).sort()).toEqual(['rake "a b"', 'work hard'])
  expect((await bench.call('getApp', { parameters, body: undefined })).stack.name).toBe('cnb')
})

it('what can be no name of an image is refused before it is a build', async () => {
  await expect(
    bench.call('createBuild', { parameters, body: { source_blob: { url: 'docker://Shop --privileged' } } }),
  ).rejects.toThrow('is no name of an image')
})

/** What the fake builder makes of chosen images. */
function willRun(...types: string[]): void {
  bench.builder.processTypes = Object.fromEntries(types.map((type) => [type, 'listen']))
  bench.builder.images = types.map((type) => ({
    ...runtime,
    folder: type,
    processTypes: [type],
    reference: type,
    digest,
  }))
}

async function setImages(updates: { type: string; docker_image?: string; quantity?: number }[]) {
  let answer: unknown
  const setting = bench.call('updateFormation', { parameters, body: { updates } }).then((formation) => {
    answer = formation
    return formation
  })
  setting.catch(() => {})
  for (let turn = 0; turn < 5 && answer === undefined; turn += 1) await bench.clock.advance(1000)
  return setting
}

it('process types are given images by the formation, as container:release does, and scaled with them', async () => {
  const id = `sha256:${'cd'.repeat(32)}`
  willRun('web', 'worker')
  const updates = [
    { type: 'web', docker_image: id },
    { type: 'worker', docker_image: 'shop-worker:2', quantity: 2 },
  ]
  const formation = await setImages(updates)
  expect(formation.map(({ type, quantity }) => `${type} ${quantity}`)).toEqual(['web 1', 'worker 2'])
  expect(bench.builder.requests.at(-1)).toMatchObject({
    sourceUrl: `images:web=${id},worker=shop-worker:2`,
    stack: 'container',
    current: null,
  })
  await bench.clock.advance(1000)
  expect(imagesOf()).toEqual(['web.1 web', 'worker.1 worker', 'worker.2 worker'])
  const short = digest.slice(7, 19)
  expect((await bench.releases()).at(-1)).toBe(`v2 succeeded: Deployed web (${short}), worker (${short}) (current)`)
})

it('a process type that gets no new image keeps its own', async () => {
  await deployImage('shop:1')
  willRun('web', 'worker')
  await setImages([{ type: 'worker', docker_image: 'shop:2' }])
  expect(bench.builder.requests.at(-1)?.current).toMatchObject({
    images: [{ folder: 'web' }, { folder: 'worker' }],
    processTypes: { web: 'listen' },
  })
})

it('images that can’t be had are told with the reason, and what served goes on', async () => {
  await deployImage('shop:1')
  bench.builder.failure = new HearthError('build_failed', 'There is no image shop:2.\nCheck its name.')
  await expect(setImages([{ type: 'web', docker_image: 'shop:2' }])).rejects.toThrow(
    'There is no image shop:2.\nCheck its name.',
  )
  await expect(setImages([{ type: 'web', docker_image: 'Shop --privileged' }])).rejects.toThrow('no name of an image')
  expect(imagesOf()).toEqual(['web.1 web'])
})
