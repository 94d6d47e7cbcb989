import { describe, expect, it } from 'vitest'
import { bucketCount, bucketOf, bucketStart, percentile } from '../../../../agent/core/metrics/histogram.ts'
import { mergeSamples, type Sample } from '../../../../agent/core/metrics/sample.ts'
import {
  dynoSeries,
  fillIdle,
  requestRates,
  responseTimes,
  spreadSamples,
} from '../../../../agent/core/metrics/series.ts'
import { coarser, coarseStep, finest, finestSteps, isLastIn, tiers } from '../../../../agent/core/metrics/tier.ts'
import { addTraffic, noTraffic, parseTraffic, TrafficCounter } from '../../../../agent/core/metrics/traffic.ts'

const histogramOf = (times: readonly number[]): number[] => {
  const counter = new TrafficCounter()
  for (const time of times) counter.count(200, time)
  return [...(counter.take() ?? noTraffic).times]
}

describe('response times in buckets', () => {
  it('each fall into the bucket that begins before them and ends after them', () => {
    for (let time = 0.1; time < 200_000; time *= 1.07) {
      const bucket = bucketOf(time)
      expect(bucketStart(bucket)).toBeLessThanOrEqual(time)
      if (bucket < bucketCount - 1) expect(bucketStart(bucket + 1)).toBeGreaterThan(time)
    }
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e9])('have a bucket whatever a clock says: %s', (time) => {
    expect(bucketOf(time)).toBeGreaterThanOrEqual(0)
    expect(bucketOf(time)).toBeLessThan(bucketCount)
  })

  it('give percentiles that are at most a fifth off', () => {
    const times = Array.from({ length: 10_000 }, (_, index) => 3 + (index * 7919) / 10_000)
    const histogram = histogramOf(times)
    for (const part of [0.5, 0.95, 0.99]) {
      const exact = times[Math.ceil(part * times.length) - 1] ?? 0
      expect(Math.abs((percentile(histogram, part) ?? 0) - exact) / exact).toBeLessThan(0.2)
    }
  })

  it('are not drowned by a few slow ones, nor do they hide them', () => {
    const histogram = histogramOf([...new Array<number>(980).fill(10), ...new Array<number>(20).fill(5000)])
    expect(percentile(histogram, 0.5)).toBeLessThan(12)
    expect(percentile(histogram, 0.95)).toBeLessThan(12)
    expect(percentile(histogram, 0.99)).toBeGreaterThan(4000)
  })

  it('of none have no percentile', () => {
    expect(percentile(histogramOf([]), 0.5)).toBeNull()
  })
})

describe('a count of requests', () => {
  it('has a class for each status and begins anew when it is taken', () => {
    const counter = new TrafficCounter()
    for (const status of [200, 204, 302, 404, 499, 503]) counter.count(status, 5)
    expect(counter.take()?.statuses).toEqual([0, 2, 1, 2, 1])
    expect(counter.take()).toBeNull()
  })

  it('leaves out the time of a websocket and what was never answered', () => {
    const counter = new TrafficCounter()
    counter.count(101, 3_600_000)
    counter.count(null, 5)
    expect(counter.take()).toEqual({ ...noTraffic, statuses: [1, 0, 0, 0, 0] })
  })

  it('from a router that tells nonsense counts nothing', () => {
    const told = parseTraffic({ apps: [{ appId: 'a', statuses: [1, -2, '3', null, 1.5, 9], times: 'x' }] })
    expect(told).toEqual([{ appId: 'a', ...noTraffic, statuses: [1, 0, 0, 0, 0] }])
    expect(() => parseTraffic({ apps: 5 })).toThrow('told no traffic')
  })
})

describe('the tiers', () => {
  it('keep an hour, a day and a week', () => {
    expect(tiers.map(({ stepMs, slots }) => (stepMs * slots) / 3_600_000)).toEqual([1, 24, 168])
  })

  it('are made of whole steps of the finest, whose ring holds them all in one piece', () => {
    for (const tier of coarser) {
      const { from, to } = finestSteps(1000, tier)
      expect((to - from + 1) * finest.stepMs).toBe(tier.stepMs)
      expect(finest.slots % (to - from + 1)).toBe(0)
      expect([from, to].map((step) => coarseStep(step, tier))).toEqual([1000, 1000])
      expect([from, to].map((step) => isLastIn(step, tier))).toEqual([false, true])
    }
  })
})

const empty: Sample = { traffic: null, trafficSteps: 0, dynos: [], machine: null }
const dyno = { name: 'web.1', memoryBytes: 10, memoryLimitBytes: 100, cpu: 0.5 }
const busy = (requests: number): Sample => ({
  ...empty,
  traffic: { statuses: [0, requests, 0, 0, 0], times: noTraffic.times },
  trafficSteps: 1,
})

describe('steps that become one', () => {
  it('add up requests and times, keep the most memory and the mean of the CPU', () => {
    const traffic = { statuses: [0, 3, 0, 0, 1], times: histogramOf([10, 10, 500]) }
    const first = { ...empty, traffic, trafficSteps: 1, dynos: [{ ...dyno, memoryBytes: 30 }] }
    const second = { ...first, dynos: [{ ...dyno, memoryLimitBytes: 200, cpu: 1.5 }] }
    expect(mergeSamples([first, second])).toEqual({
      traffic: addTraffic([traffic, traffic]),
      trafficSteps: 2,
      dynos: [{ name: 'web.1', memoryBytes: 30, memoryLimitBytes: 200, cpu: 1 }],
      machine: null,
    })
  })

  it('do not take what is unknown for nothing', () => {
    expect(mergeSamples([empty, empty]).traffic).toBeNull()
    const merged = mergeSamples([empty, busy(50), { ...empty, dynos: [{ ...dyno, cpu: null }] }])
    expect(requestRates([merged])['2xx']).toEqual([5])
    expect(merged.dynos[0]?.cpu).toBeNull()
  })
})

describe('a series', () => {
  it('has a gap where nothing was recorded', () => {
    const samples = spreadSamples(
      [
        { step: 7, sample: busy(10) },
        { step: 9, sample: busy(20) },
      ],
      { from: 6, to: 9 },
    )
    expect(requestRates(samples)['2xx']).toEqual([null, 1, null, 2])
  })

  it('of an app that did nothing is zero while the server recorded, and a gap before the app was there', () => {
    const server = [busy(1), busy(1), null, busy(1), { ...empty }]
    const own = fillIdle([null, null, null, busy(10), null], server, 1)
    expect(requestRates(own)['2xx']).toEqual([null, 0, null, 1, null])
    expect(responseTimes(own, 0.5)).toEqual([null, null, null, null, null])
  })

  it('is there for each dyno, in the order of their numbers, with the limit it has now', () => {
    const at = (name: string, memoryLimitBytes: number) => ({ ...dyno, name, memoryLimitBytes })
    const samples = [
      { ...empty, dynos: [at('web.10', 100), at('web.2', 100)] },
      null,
      { ...empty, dynos: [at('web.2', 200)] },
    ]
    expect(dynoSeries(samples)).toEqual([
      { name: 'web.2', memoryLimitBytes: 200, memoryBytes: [10, null, 10], cpu: [0.5, null, 0.5] },
      { name: 'web.10', memoryLimitBytes: 100, memoryBytes: [10, null, null], cpu: [0.5, null, null] },
    ])
  })
})
