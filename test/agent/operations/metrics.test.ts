import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noTraffic } from '../../../agent/core/metrics/traffic.ts'
import { Bench } from './workbench.ts'

let bench: Bench
let shop: string

beforeEach(async () => {
  bench = await Bench.open()
  shop = (await bench.createApp()).id
  await bench.deploy({ web: 'listen', worker: 'work' })
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

const seconds = 1000
const requests = (count: number, appId = shop) =>
  bench.router.traffic.push({ appId, statuses: [0, count, 0, 0, 0], times: noTraffic.times.with(13, count) })
/** So many steps of 10 s, with these requests in each. */
const pass = async (steps: number, count = 0) => {
  for (let step = 0; step < steps; step++) {
    if (count > 0) requests(count)
    await bench.clock.advance(10 * seconds)
  }
}
const ofApp = (span = '1h') => bench.call('getAppMetrics', { parameters: { app: 'shop', span }, body: undefined })
const ofServer = (span = '1h') => bench.call('getServerMetrics', { parameters: { span }, body: undefined })
const newest = <Value>(values: readonly Value[], count: number) => values.slice(-count)

describe('metrics of an app', () => {
  it('have the requests and response times of each step, and memory and CPU of each dyno beside its limit', async () => {
    await pass(1)
    await pass(2, 30)
    const metrics = await ofApp()
    expect(metrics.requests['2xx']).toHaveLength(360)
    expect(newest(metrics.requests['2xx'], 2)).toEqual([3, 3])
    expect(newest(metrics.requests['5xx'], 2)).toEqual([0, 0])
    expect(metrics.response_time.p50.at(-1)).toBeGreaterThan(8)
    expect(metrics.response_time.p99.at(-1)).toBeLessThan(10)
    expect(metrics.dynos.map(({ name, memory_limit_bytes }) => [name, memory_limit_bytes])).toEqual([
      ['web.1', 512 * 1024 ** 2],
    ])
    expect(metrics.dynos[0]?.memory_bytes.at(-1)).toBe(1000)
    // The fake's dynos have used half a second, and go on using none.
    expect(metrics.dynos[0]?.cpu.at(-1)).toBe(0)
  })

  it('are zero while the app does nothing, and a gap while the router is away', async () => {
    await bench.scale([
      { type: 'web', quantity: 0 },
      { type: 'worker', quantity: 0 },
    ])
    await pass(2, 10)
    await pass(1)
    bench.router.isAway = true
    await pass(1)
    bench.router.isAway = false
    await pass(1)
    expect(newest((await ofApp()).requests['2xx'], 4)).toEqual([1, 0, null, 0])
  })

  it('do not mix those of two apps, and the server has both', async () => {
    const { id } = await bench.createApp('other')
    await pass(1)
    requests(10)
    requests(20, id)
    requests(40, '00000000-0000-4000-8000-00000000dead')
    await pass(1)
    expect((await ofApp()).requests['2xx'].at(-1)).toBe(1)
    expect((await ofServer()).requests['2xx'].at(-1)).toBe(3)
  })

  it('go with the app', async () => {
    await pass(2, 10)
    await bench.call('destroyApp', { parameters: { app: 'shop' }, body: undefined })
    expect(bench.metrics.owners()).toEqual([null])
  })

  it('are there for three spans, and the error names them', async () => {
    await expect(ofApp('2h')).rejects.toThrow('1h, 24h, 7d')
  })
})

describe('coarser steps', () => {
  it('are made when they end: requests on average, memory at its highest', async () => {
    await pass(100, 20)
    const day = await ofApp('24h')
    expect(day.step_seconds).toBe(120)
    expect(newest(day.requests['2xx'], 3)).toEqual([2, 2, 2])
    const week = await ofApp('7d')
    expect(newest(week.requests['2xx'], 1)).toEqual([2])
    expect(week.dynos[0]?.memory_bytes.at(-1)).toBe(1000)
    expect((await ofServer('7d')).memory).toMatchObject({ total_bytes: 2 })
  })

  it('whose end no agent saw are made of what there is, when one is back', async () => {
    await pass(100, 20)
    await bench.stop()
    await bench.clock.advance(20 * 60 * seconds)
    await bench.start()
    await pass(1)
    // 16 min 40 s before the pause: one step of 15 min is over, and of the next there is a part.
    expect(newest((await ofApp('7d')).requests['2xx'], 2)).toEqual([2, 2])
  })
})

describe('an agent that starts again', () => {
  it('loses no request that the router counted meanwhile: they are the average of the time', async () => {
    await pass(2, 20)
    await bench.stop()
    requests(20)
    await bench.clock.advance(12 * seconds)
    await bench.start()
    requests(20)
    await bench.clock.advance(8 * seconds)
    const { requests: rates } = await ofApp()
    expect(newest(rates['2xx'], 3)).toEqual([2, null, 2])
  })

  it('does not take for one step what was counted in an hour', async () => {
    await pass(2, 20)
    await bench.stop()
    requests(100_000)
    await bench.clock.advance(3_000 * seconds)
    await bench.start()
    await pass(2, 20)
    expect(newest((await ofApp()).requests['2xx'], 2)).toEqual([null, 2])
  })
})

describe('a clock that jumps', () => {
  it('costs the step in which it does, forwards and back', async () => {
    await pass(3, 20)
    bench.clock.jump(1800 * seconds)
    await pass(3, 20)
    expect(newest((await ofApp()).requests['2xx'], 4)).toEqual([null, null, 2, 2])
    bench.clock.jump(-1800 * seconds)
    await pass(3, 20)
    // What was recorded under the wrong time is not shown under the right one.
    expect(newest((await ofApp()).requests['2xx'], 8)).toEqual([2, 2, null, null, null, null, 2, 2])
    expect(bench.problems.splice(0)).toEqual([expect.stringMatching(/^The clock of this server was set/)])
  })
})

it('tells what the disk is used for, the largest first', async () => {
  const { used_by } = await bench.call('getDiskUse', { parameters: {}, body: undefined })
  expect(used_by).toEqual([
    { kind: 'slugs', bytes: 2 },
    { kind: 'logs', bytes: 1 },
  ])
})

it('reports a file that can not be written once, not with each step', async () => {
  await pass(1)
  bench.metrics.close()
  await pass(3)
  expect(bench.problems.splice(0)).toEqual([expect.stringMatching(/^Metrics could not be recorded/)])
})
