import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bench } from '../workbench.ts'

const minute = 60_000
let bench: Bench
/** What the router counted of the dyno that is `web.1` now. */
let counts = { answered: 0, unanswered: 0 }
beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
  await bench.deploy({ web: 'listen', worker: 'work' })
  counts = { answered: 0, unanswered: 0 }
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

const idOf = () => bench.runner.idOf('web.1')
async function pass(more: Partial<typeof counts>, durationMs = minute): Promise<void> {
  counts = {
    answered: counts.answered + (more.answered ?? 0),
    unanswered: counts.unanswered + (more.unanswered ?? 0),
  }
  const dyno = { id: idOf(), name: 'web.1', requests: 0, inFlight: 0, tunnels: 0, ...counts }
  bench.router.counts.set(bench.router.app('shop').id, { dynos: [dyno] })
  await bench.clock.advance(durationMs)
}

describe('a web dyno', () => {
  it('that answers nobody any more is replaced, and the log says why', async () => {
    const before = idOf()
    await pass({ answered: 20 })
    await pass({ unanswered: 6 })
    expect(idOf()).toBe(before)
    await pass({ unanswered: 1 })
    expect(idOf()).not.toBe(before)
    expect(bench.logs.lines).toContain('web.1: Restarting: no answer to the last 7 requests, for 120 seconds')
    expect(bench.routed()).toEqual(['web.1'])
  })

  it('is replaced while another one that hangs waits for a release phase of its app', async () => {
    await bench.createApp('blog')
    await bench.deploy({ web: 'listen' }, 'blog')
    bench.router.counts.set(bench.router.app('blog').id, { dynos: [] })
    const hang = (app: string, unanswered: number) => {
      const [dyno] = bench.router.app(app).dynos
      const counts = { answered: 1, unanswered }
      const hung = { id: dyno?.id ?? '', name: 'web.1', requests: 0, inFlight: 0, tunnels: 0, ...counts }
      bench.router.counts.set(bench.router.app(app).id, { dynos: [hung] })
    }
    const [shop, blog] = ['shop', 'blog'].map((app) => bench.router.app(app).dynos[0]?.id)
    hang('shop', 0)
    await bench.clock.advance(minute)
    hang('shop', 9)
    await bench.deploy({ web: 'listen', release: 'migrate' })
    await bench.clock.advance(3 * minute)
    await bench.clock.advance(minute)
    hang('blog', 0)
    await bench.clock.advance(minute)
    hang('blog', 9)
    await bench.clock.advance(minute)
    await bench.clock.advance(minute)
    expect(bench.router.app('blog').dynos.map(({ id }) => id)).not.toEqual([blog])
    // It waits for its own turn, which a release phase has for as long as it takes.
    expect(bench.router.app('shop').dynos.map(({ id }) => id)).toEqual([shop])
    const phase = [...bench.runner.processes.values()].find(({ spec }) => spec.name.startsWith('release.'))
    bench.runner.end(phase?.spec.id ?? '', { status: 1 })
    await bench.clock.advance(minute)
    expect(bench.router.app('shop').dynos.map(({ id }) => id)).not.toEqual([shop])
  })

  it('that answers now and then is only slow', async () => {
    const before = idOf()
    for (let times = 0; times < 10; times += 1) await pass({ answered: 1, unanswered: 10 })
    expect(idOf()).toBe(before)
  })

  it('that few asked, or nobody for hours before them, does not hang', async () => {
    const before = idOf()
    await pass({ answered: 1 })
    await pass({}, 180 * minute)
    await pass({ unanswered: 4 }, 30 * minute)
    await pass({ answered: 1 })
    await pass({}, 180 * minute)
    await pass({ unanswered: 9 })
    expect(idOf()).toBe(before)
  })

  it('is not suspected for what a router counted that was started anew', async () => {
    const before = idOf()
    await pass({ answered: 5, unanswered: 4 })
    await pass({ unanswered: 4 })
    counts = { answered: 0, unanswered: 0 }
    for (let times = 0; times < 4; times += 1) await pass({ unanswered: 1 })
    expect(idOf()).toBe(before)
  })

  it('whose replacement does not come up stays, and is not replaced at every look', async () => {
    const before = idOf()
    bench.runner.isListening = false
    await pass({ answered: 1 })
    for (let times = 0; times < 4; times += 1) await pass({ unanswered: 4 })
    const restarts = () => bench.logs.lines.filter((line) => line.startsWith('web.1: Restarting')).length
    expect(bench.runner.processes.has(before)).toBe(true)
    expect(restarts()).toBe(1)
  })
})
