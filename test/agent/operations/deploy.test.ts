import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bench } from './workbench.ts'

let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

describe('a deploy', () => {
  it('builds, starts one web dyno, routes to it and becomes the current release', async () => {
    await bench.deploy({ web: 'listen', worker: 'work' })
    expect(await bench.releases()).toEqual(['v1 succeeded: Initial release', 'v2 succeeded: Deploy 1a2b3c4d (current)'])
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    expect(bench.routed()).toEqual(['web.1'])
    expect(bench.router.app('shop')).toMatchObject({ state: 'up', hostnames: ['shop.localhost'] })
  })
})
