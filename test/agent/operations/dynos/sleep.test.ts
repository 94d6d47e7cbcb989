import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Killer } from '../crash.ts'
import { Bench, settle } from '../workbench.ts'

const minute = 60_000
const parameters = { app: 'shop' }
let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
  await bench.deploy({ web: 'listen', worker: 'work' })
  await bench.scale([{ type: 'worker', quantity: 1 }])
  await bench.clock.advance(1000)
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

const set = (sleep_after_seconds: number | null) =>
  bench.call('updateDynoSettings', { parameters, body: { sleep_after_seconds } })
/** Long enough to be noticed at the next look, and the one after it. */
const pass = async (durationMs: number) => {
  await bench.clock.advance(5000)
  await bench.clock.advance(durationMs)
  await bench.clock.advance(5000)
}
const fallAsleep = async () => {
  await set(1800)
  await pass(31 * minute)
  expect(await bench.dynos()).toEqual(['web.1 idle v2', 'worker.1 idle v2'])
}
const ask = async () => {
  bench.router.ask('shop')
  await settle()
}
const awake = ['web.1 up v2', 'worker.1 up v2']

describe('an app', () => {
  it('does not sleep as long as nobody says so', async () => {
    await pass(24 * 60 * minute)
    expect(await bench.dynos()).toEqual(awake)
  })

  it("that nobody asked for is stopped as a whole, as the log says in Heroku's words", async () => {
    await set(1800)
    await pass(28 * minute)
    expect(await bench.dynos()).toEqual(awake)
    const from = bench.logs.lines.length
    await pass(3 * minute)
    expect(await bench.dynos()).toEqual(['web.1 idle v2', 'worker.1 idle v2'])
    expect(bench.runner.list()).toEqual([])
    const [status] = await bench.call('listDynoStatuses', { parameters, body: undefined })
    expect(status).toMatchObject({ state: 'idle', reason: 'sleeps until the next request', memory_bytes: null })
    expect(bench.router.app('shop')).toMatchObject({ state: 'starting', isAsleep: true, dynos: [] })
    expect(bench.logs.lines.slice(from).filter((line) => line.startsWith('web.1'))).toEqual([
      'web.1: Idling',
      'web.1: State changed from up to down',
      'web.1: Stopping all processes with SIGTERM',
      'web.1: Process exited with status 143',
    ])
  })

  it('gets no more requests before its dynos are stopped, and those under way end', async () => {
    const draining = Promise.withResolvers<void>()
    bench.router.draining = draining.promise
    await fallAsleep()
    expect(bench.routed()).toEqual([])
    expect(bench.runner.list()).toEqual(['web.1: listen', 'worker.1: work'])
    draining.resolve()
    await settle()
    expect(bench.runner.list()).toEqual([])
  })

  it.each([
    ['a request', { requests: 8 }],
    ['an answer that still runs', { inFlight: 1 }],
    ['a websocket', { tunnels: 1 }],
  ])('is in use by %s', async (_, count) => {
    await set(1800)
    await pass(20 * minute)
    bench.router.counts.set(bench.router.app('shop').id, count)
    await pass(20 * minute)
    expect(await bench.dynos()).toEqual(awake)
    bench.router.counts.clear()
    await pass(10 * minute)
    await pass(31 * minute)
    expect(bench.runner.list()).toEqual([])
  })

  it('is not put to sleep by a clock that jumps, nor by a router that is away or can not wake it', async () => {
    await set(1800)
    await pass(minute)
    bench.clock.jump(365 * 24 * 60 * minute)
    await pass(minute)
    bench.router.isAway = true
    await pass(60 * minute)
    bench.router.isAway = false
    bench.router.canWake = false
    await pass(60 * minute)
    expect(await bench.dynos()).toEqual(awake)
    expect(bench.problems.splice(0)).toEqual([expect.stringMatching(/^The clock of this server was set/)])
  })

  it('whose dynos crash or start is left alone, and one without web dynos too', async () => {
    await set(1800)
    for (let times = 0; times < 2; times += 1) {
      bench.runner.end(bench.runner.idOf('worker.1'), { status: 1 })
      await settle()
    }
    bench.chance = 0.999
    await bench.scale([{ type: 'web', quantity: 0 }])
    await pass(60 * minute)
    expect(await bench.dynos()).toEqual(['worker.1 up v2'])
  })
})

describe('an app asleep', () => {
  beforeEach(fallAsleep)

  it('is woken by a request, and both are told', async () => {
    const from = bench.logs.lines.length
    await ask()
    await bench.clock.advance(1000)
    expect(await bench.dynos()).toEqual(awake)
    const [status] = await bench.call('listDynoStatuses', { parameters, body: undefined })
    expect(status).toMatchObject({ state: 'up', reason: null })
    expect(bench.routed()).toEqual(['web.1'])
    expect(bench.router.app('shop').isAsleep).toBeUndefined()
    expect(bench.logs.lines.slice(from).filter((line) => line.startsWith('web.1'))).toEqual([
      'web.1: Unidling',
      'web.1: State changed from down to starting',
      'web.1: Starting process with command `listen`',
      'web.1: State changed from starting to up',
    ])
  })

  it('is started once, however many ask', async () => {
    for (let times = 0; times < 50; times += 1) bench.router.ask('shop')
    await settle()
    await ask()
    expect(bench.runner.started.filter(({ name }) => name === 'web.1')).toHaveLength(2)
  })

  it('is woken in turn when many are asked for at once, the first dyno of each before its others', async () => {
    const names = ['shop', 'blog', 'wiki', 'mail', 'chat', 'news']
    for (const name of names.slice(1)) {
      await bench.createApp(name)
      await bench.deploy({ web: 'listen' }, name)
      await bench.scale([{ type: 'web', quantity: 2 }], name)
      const body = { sleep_after_seconds: 1800 }
      await bench.call('updateDynoSettings', { parameters: { app: name }, body })
    }
    await bench.clock.advance(1000)
    await pass(31 * minute)
    for (const name of names) expect(bench.router.app(name).isAsleep, name).toBe(true)
    bench.runner.isListening = false
    const before = bench.runner.started.length
    const started = () => bench.runner.started.slice(before).map((spec) => `${spec.app.name} ${spec.name}`)
    for (const name of names) bench.router.ask(name)
    await settle()
    // Two for each of the machine's two cores; requests to the others are held on.
    expect(started().filter((name) => name.includes('web'))).toHaveLength(4)
    for (const name of names) expect(bench.router.app(name).state).toBe('starting')
    bench.runner.listenNow()
    await settle()
    await bench.clock.advance(1000)
    const web = started().filter((name) => name.includes('web'))
    expect(web.slice(0, 6).map((name) => name.split(' ')[1])).toEqual(Array(6).fill('web.1'))
    expect(web).toHaveLength(11)
  })

  it('sleeps on over restarts of the agent and of the machine, and wakes after', async () => {
    await bench.restart()
    await bench.clock.advance(1000)
    expect(await bench.dynos()).toEqual(['web.1 idle v2', 'worker.1 idle v2'])
    expect(bench.router.app('shop').isAsleep).toBe(true)
    await ask()
    await bench.clock.advance(1000)
    expect(await bench.dynos()).toEqual(awake)
  })

  it('that can not be started is crashed to who waits, and tried again as after any crash', async () => {
    bench.slugs.isDamaged = true
    await ask()
    expect(bench.router.app('shop').state).toBe('crashed')
    expect(bench.logs.lines).toContainEqual(expect.stringContaining('web.1: Error R17'))
    bench.slugs.isDamaged = false
    await bench.clock.advance(6000)
    await bench.clock.advance(1000)
    expect(await bench.dynos()).toEqual(awake)
  })

  it('that does not listen is crashed after its time, and sleeps no more until it is well', async () => {
    bench.runner.isListening = false
    await ask()
    expect(bench.router.app('shop')).toMatchObject({ state: 'starting', dynos: [] })
    await bench.clock.advance(minute)
    expect(bench.logs.lines).toContainEqual(expect.stringContaining('web.1: Error R10'))
    await pass(60 * minute)
    expect(await bench.dynos()).not.toContain('web.1 idle v2')
    bench.runner.listenNow()
    await bench.clock.advance(10 * minute)
    await bench.clock.advance(1000)
    expect(await bench.dynos()).toContain('web.1 up v2')
  })

  it('is awake after a deploy, a restart, scaling up, and when it may sleep no more', async () => {
    await bench.scale([{ type: 'web', quantity: 2 }])
    await bench.clock.advance(1000)
    expect(await bench.dynos()).toEqual(['web.1 up v2', 'web.2 up v2', 'worker.1 up v2'])
    await pass(31 * minute)
    expect(bench.runner.list()).toEqual([])
    await bench.call('restartAllDynos', { parameters, body: undefined })
    await settle()
    await bench.clock.advance(1000)
    expect(bench.runner.list()).toHaveLength(3)
    await pass(31 * minute)
    expect(bench.runner.list()).toEqual([])
    await bench.deploy({ web: 'listen 2' })
    await bench.clock.advance(1000)
    expect(await bench.dynos()).toEqual(['web.1 up v3', 'web.2 up v3'])
    await pass(31 * minute)
    expect(bench.runner.list()).toEqual([])
    await set(null)
    await settle()
    expect(await bench.dynos()).toEqual(['web.1 up v3', 'web.2 up v3'])
  })

  it('is awake as a whole when one of its dynos is restarted or stopped', async () => {
    await bench.call('restartDyno', { parameters: { ...parameters, dyno: 'web.1' }, body: undefined })
    await settle()
    await bench.clock.advance(1000)
    expect(await bench.dynos()).toEqual(awake)
    await pass(31 * minute)
    await bench.call('stopDyno', { parameters: { ...parameters, dyno: 'worker.1' }, body: undefined })
    await settle()
    await bench.clock.advance(1000)
    expect(await bench.dynos()).toEqual(awake)
    expect(bench.runner.list()).toEqual(['web.1: listen', 'worker.1: work'])
  })

  it('has its scaled away dynos no more', async () => {
    await bench.scale([{ type: 'worker', quantity: 0 }])
    await ask()
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })

  it('of which no two dynos may run at once wakes after the old ones have gone', async () => {
    await ask()
    await bench.clock.advance(1000)
    await bench.call('updateDynoSettings', { parameters, body: { preboot: false } })
    const draining = Promise.withResolvers<void>()
    bench.router.draining = draining.promise
    await pass(31 * minute)
    await ask()
    expect(bench.runner.list()).toEqual(['web.1: listen', 'worker.1: work'])
    expect(await bench.dynos()).toEqual(['web.1 idle v2', 'worker.1 idle v2'])
    draining.resolve()
    await settle()
    await bench.clock.advance(1000)
    expect(bench.runner.list()).toEqual(['web.1: listen', 'worker.1: work'])
    expect(await bench.dynos()).toEqual(awake)
  })
})

it.each(['falls asleep', 'wakes'])(
  'an agent that is killed at any step while an app %s leaves it one or the other',
  async (what) => {
    await set(1800)
    for (let calls = 1; calls < 200; calls += 1) {
      const killer = new Killer()
      await bench.stop()
      await bench.start(killer.wrap)
      await pass(31 * minute)
      if (what === 'falls asleep') {
        await ask()
        await bench.clock.advance(1000)
        await pass(29 * minute)
      }
      killer.arm(calls)
      if (what === 'wakes') bench.router.ask('shop')
      else await bench.clock.advance(3 * minute)
      await settle()
      if (!killer.hasKilled) break
      bench.platform.close().catch(() => undefined)
      bench.store.close()
      await bench.start()
      await bench.clock.advance(1000)
      bench.router.ask('shop')
      await settle()
      await bench.clock.advance(2000)
      expect(await bench.dynos(), `killed at ${killer.lastCall}`).toEqual(awake)
      expect(bench.runner.list(), `killed at ${killer.lastCall}`).toEqual(['web.1: listen', 'worker.1: work'])
      expect(bench.routed()).toEqual(['web.1'])
      bench.problems.length = 0
    }
    bench.problems.length = 0
  },
  240_000,
)
