import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cycleAgeMs } from '../../../../agent/core/dynos/cycle.ts'
import { defaultSettings } from '../../../../agent/operations/settings.ts'
import { isAllAsked } from '../../../tooling/scope.ts'
import { Killer } from '../crash.ts'
import { Bench, settle } from '../workbench.ts'

const [minute, hour] = [60_000, 3_600_000]
const parameters = { app: 'shop' }
let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
  await bench.deploy({ web: 'listen', worker: 'work' })
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

const ageOf = (name: string) => cycleAgeMs(bench.runner.idOf(name), defaultSettings)
/** Ends in the middle between two looks for old dynos. */
const pass = async (durationMs: number) => {
  await bench.clock.advance(durationMs)
  await bench.clock.advance(minute)
}
/** Another than the one before. */
const nextSize = () => (bench.runner.started.at(-1)?.limits.cpuWeight === 200 ? 'small' : 'large')
const stopFirst = () => bench.call('updateDynoSettings', { parameters, body: { preboot: false } })
/** What starts and stops, in the order in which it does. */
const record = () => {
  const order: string[] = []
  const stop = bench.runner.stop.bind(bench.runner)
  const start = bench.runner.start.bind(bench.runner)
  bench.runner.stop = async (id) => {
    order.push(`stop ${bench.runner.processes.get(id)?.spec.name}`)
    await stop(id)
  }
  bench.runner.start = async (spec) => {
    order.push(`start ${spec.name}`)
    return start(spec)
  }
  return order
}

it('dynos live for a day and up to 216 minutes, each for another time', () => {
  const ages = Array.from({ length: 100 }, () => cycleAgeMs(crypto.randomUUID(), defaultSettings))
  expect(Math.min(...ages)).toBeGreaterThanOrEqual(24 * hour)
  expect(Math.max(...ages)).toBeLessThan(24 * hour + 216 * minute)
  expect(new Set(ages).size).toBe(100)
  expect(cycleAgeMs('ffffffff-0000-4000-8000-000000000000', defaultSettings)).toBeCloseTo(27.6 * hour, -2)
})

describe('a dyno that has lived its time', () => {
  it('is replaced as by a restart: the new one is up before the old one stops', async () => {
    const before = bench.runner.idOf('web.1')
    await pass(ageOf('web.1') - 3 * minute)
    expect(bench.runner.idOf('web.1')).toBe(before)
    const from = bench.logs.lines.length
    await pass(3 * minute)
    expect(bench.runner.idOf('web.1')).not.toBe(before)
    expect(bench.logs.lines.slice(from)).toEqual([
      'web.1: Cycling',
      'web.1: State changed from up to starting',
      'web.1: Starting process with command `listen`',
      'web.1: State changed from starting to up',
      'web.1: Stopping all processes with SIGTERM',
      'web.1: Process exited with status 143',
    ])
    expect(bench.routed()).toEqual(['web.1'])
    await pass(hour)
    expect(bench.runner.started.filter(({ name }) => name === 'web.1')).toHaveLength(2)
  })

  it('has lived it over restarts of the agent too', async () => {
    const age = ageOf('web.1')
    await bench.clock.advance(age - 2 * minute)
    await bench.restart()
    await pass(3 * minute)
    expect(bench.logs.lines).toContain('web.1: Cycling')
  })

  it('has not when only the clock of the machine was set', async () => {
    const age = ageOf('web.1')
    bench.clock.jump(10 * 365 * 24 * hour)
    await pass(hour)
    expect(bench.logs.lines).not.toContain('web.1: Cycling')
    bench.clock.jump(-20 * 365 * 24 * hour)
    await pass(age)
    expect(bench.logs.lines).toContain('web.1: Cycling')
    const told = expect.stringMatching(/^The clock of this server was set/)
    expect(bench.problems.splice(0)).toEqual([told, told])
  })

  it('stays when its replacement does not come up, and is left alone for an hour', async () => {
    const before = bench.runner.idOf('web.1')
    await bench.clock.advance(ageOf('web.1') - minute)
    bench.runner.isListening = false
    await bench.clock.advance(2 * minute)
    await bench.clock.advance(minute)
    expect(bench.runner.processes.has(before)).toBe(true)
    expect(bench.routed()).toEqual(['web.1'])
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    const cycles = () => bench.logs.lines.filter((line) => line === 'web.1: Cycling').length
    bench.runner.isListening = true
    await pass(30 * minute)
    expect(cycles()).toBe(1)
    await pass(31 * minute)
    expect(cycles()).toBe(2)
    expect(bench.runner.idOf('web.1')).not.toBe(before)
  })

  it('and is killed with its agent in the middle of it is there once in the end', async () => {
    for (let calls = 1; ; calls += 1) {
      const killer = new Killer()
      await bench.stop()
      await bench.start(killer.wrap)
      await bench.clock.advance(ageOf('web.1'))
      killer.arm(calls)
      await bench.clock.advance(minute)
      if (!killer.hasKilled) break
      expect(bench.routed()).toEqual(['web.1'])
      bench.platform.close().catch(() => undefined)
      bench.store.close()
      await bench.start()
      await bench.clock.advance(2000)
      expect(bench.runner.list()).toEqual(['web.1: listen'])
      expect(await bench.dynos()).toEqual(['web.1 up v2'])
      bench.problems.length = 0
      expect(calls).toBeLessThan(200)
    }
    bench.problems.length = 0
  }, 120_000)
})

describe('an app that wants its dynos to stop first', () => {
  it('says so in its settings, and as the feature that Heroku calls preboot', async () => {
    expect(await bench.call('getDynoSettings', { parameters, body: undefined })).toMatchObject({ preboot: true })
    const feature = { ...parameters, feature: 'preboot' }
    expect(await bench.call('updateAppFeature', { parameters: feature, body: { enabled: false } })).toMatchObject({
      enabled: false,
    })
    expect(await bench.call('getDynoSettings', { parameters, body: undefined })).toMatchObject({ preboot: false })
    expect(bench.logs.lines.at(-1)).toBe('api: Preboot disabled by user ann@laptop')
    const metadata = { ...parameters, feature: 'runtime-dyno-metadata' }
    await expect(bench.call('updateAppFeature', { parameters: metadata, body: { enabled: false } })).rejects.toThrow(
      "can't be turned off",
    )
  })

  it.each(['restart', 'day'])('has no two at once over a %s, and its requests wait', async (what) => {
    await bench.scale([{ type: 'worker', quantity: 1 }])
    await bench.clock.advance(1000)
    await stopFirst()
    const order = record()
    const states: string[] = []
    bench.runner.onStop = () => states.push(bench.router.app('shop').state)
    if (what === 'day') for (let hours = 0; hours < 28; hours += 1) await pass(hour)
    else await bench.call('restartAllDynos', { parameters, body: undefined })
    await settle()
    await bench.clock.advance(1000)
    expect([...order].sort()).toEqual(['start web.1', 'start worker.1', 'stop web.1', 'stop worker.1'])
    for (const name of ['web.1', 'worker.1']) {
      expect(order.indexOf(`stop ${name}`)).toBeLessThan(order.indexOf(`start ${name}`))
    }
    expect(states).toContain('starting')
    expect(await bench.dynos()).toEqual(['web.1 up v2', 'worker.1 up v2'])
    expect(bench.routed()).toEqual(['web.1'])
  })

  it('has none of two releases at once', async () => {
    await stopFirst()
    const order = record()
    await bench.deploy({ web: 'listen 2' })
    expect(order).toEqual(['stop web.1', 'start web.1'])
    expect(bench.runner.list()).toEqual(['web.1: listen 2'])
    expect(bench.routed()).toEqual(['web.1'])
  })

  it.each([
    ['stopped', () => bench.call('stopDyno', { parameters: { ...parameters, dyno: 'web.1' }, body: undefined })],
    ['given another size while it starts', () => bench.scale([{ type: 'web', size: 'large' }])],
  ])('has no two at once when one is %s', async (what, change) => {
    await stopFirst()
    if (what !== 'stopped') {
      bench.runner.isListening = false
      bench.runner.end(bench.runner.idOf('web.1'), { status: 1 })
      await settle()
    }
    const old = bench.runner.idOf('web.1')
    const drained = Promise.withResolvers<void>()
    bench.router.draining = drained.promise
    await change()
    await settle()
    expect([...bench.runner.processes.keys()]).toEqual([old])
    bench.runner.listenNow()
    drained.resolve()
    await settle()
    expect(bench.runner.list()).toEqual(['web.1: listen'])
    expect(bench.runner.idOf('web.1')).not.toBe(old)
    expect(bench.routed()).toEqual(['web.1'])
  })

  it.each([
    ['deployed', () => bench.deploy({ web: 'listen' })],
    ['restarted', () => bench.call('restartAllDynos', { parameters, body: undefined })],
    ['given another size', () => bench.scale([{ type: 'web', size: nextSize() }])],
    ...(isAllAsked
      ? ([
          ['stopped', () => bench.call('stopDyno', { parameters: { ...parameters, dyno: 'web.1' }, body: undefined })],
          ['deployed in vain', () => bench.deploy({ web: 'exit 1' })],
        ] as const)
      : []),
  ] as const)(
    'has no two at once when its agent is killed at any step while it is %s',
    async (_, change) => {
      await stopFirst()
      // Requests take a while to end.
      bench.router.drained = async () => {
        for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve))
        return true
      }
      const twice: string[] = []
      const start = bench.runner.start.bind(bench.runner)
      bench.runner.start = async (spec) => {
        if (bench.runner.list().some((dyno) => dyno.startsWith(`${spec.name}:`))) twice.push(spec.name)
        return start(spec)
      }
      for (let calls = 1; calls < 200; calls += 1) {
        const killer = new Killer()
        await bench.stop()
        await bench.start(killer.wrap)
        killer.arm(calls)
        change().catch(() => undefined)
        await settle()
        await bench.clock.advance(1000)
        killer.arm(Number.POSITIVE_INFINITY)
        if (!killer.hasKilled) break
        bench.platform.close().catch(() => undefined)
        bench.store.close()
        await bench.start()
        await bench.clock.advance(2000)
        expect(bench.runner.list(), `killed at ${killer.lastCall}`).toEqual(['web.1: listen'])
        expect(twice, `killed at ${killer.lastCall}`).toEqual([])
        expect(bench.routed()).toEqual(['web.1'])
      }
      bench.problems.length = 0
    },
    120_000,
  )

  it('gets its old dynos back when a release fails', async () => {
    await stopFirst()
    await bench.deploy({ web: 'exit 1' })
    expect(await bench.releases()).toContainEqual(expect.stringMatching(/^v3 failed/))
    expect(bench.runner.list()).toEqual(['web.1: listen'])
    expect(bench.routed()).toEqual(['web.1'])
  })

  it('whose new dyno crashes has it started again as after any crash', async () => {
    await stopFirst()
    bench.runner.isListening = false
    await bench.call('restartAllDynos', { parameters, body: undefined })
    await settle()
    await bench.clock.advance(minute)
    bench.runner.listenNow()
    await settle()
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })
})
