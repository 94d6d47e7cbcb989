import { afterEach, beforeEach, expect, it } from 'vitest'
import { Bench, settle } from './workbench.ts'

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

it('what can be no name of an image is refused before it is a build', async () => {
  await expect(
    bench.call('createBuild', { parameters, body: { source_blob: { url: 'docker://Shop --privileged' } } }),
  ).rejects.toThrow('is no name of an image')
})
