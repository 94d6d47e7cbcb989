import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bench, settle } from '../workbench.ts'

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

const parameters = { app: 'shop' }
const crash = async (name: string) => {
  bench.runner.end(bench.runner.idOf(name), { status: 1 })
  await settle()
}

describe('a dyno that crashes', () => {
  it('is started again at once, then after 5, 10, 20 s', async () => {
    await crash('web.1')
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    for (const seconds of [5, 10, 20]) {
      await crash('web.1')
      expect(await bench.dynos()).toEqual(['web.1 crashed v2'])
      expect(bench.router.app('shop')).toMatchObject({ state: 'crashed', dynos: [] })
      await bench.clock.advance(seconds * 1000 - 500)
      expect(await bench.dynos()).toEqual(['web.1 crashed v2'])
      await bench.clock.advance(1000)
      expect(await bench.dynos()).toEqual(['web.1 up v2'])
    }
    const [status] = await bench.call('listDynoStatuses', { parameters, body: undefined })
    expect(status).toMatchObject({ restarts: 4, reason: 'was started again 4 times: it exited with status 1' })
  })

  it('waits a little more or less than that, so that many do not come back at once', async () => {
    bench.chance = 0
    await crash('web.1')
    await crash('web.1')
    await bench.clock.advance(3_900)
    expect(await bench.dynos()).toEqual(['web.1 crashed v2'])
    await bench.clock.advance(200)
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })

  it('begins its back-off anew with a release', async () => {
    for (let times = 0; times < 3; times += 1) {
      await crash('web.1')
      await bench.clock.advance(30_000)
    }
    await bench.setConfigVars({ FIXED: 'yes' })
    await crash('web.1')
    expect(await bench.dynos()).toEqual(['web.1 up v3'])
  })

  it('goes on with it after a restart of the agent, which tries it once at once', async () => {
    for (let times = 0; times < 3; times += 1) {
      await crash('web.1')
      await bench.clock.advance(11_000)
    }
    await crash('web.1')
    await bench.restart()
    await bench.clock.advance(1000)
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    await crash('web.1')
    await bench.clock.advance(30_000)
    expect(await bench.dynos()).toEqual(['web.1 crashed v2'])
    await bench.clock.advance(11_000)
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })

  it('takes its turn with others when it is started again: a hundred that crash start a few at a time', async () => {
    bench.settings = { startsPerCore: 1, startSlotMs: 50_000 }
    await bench.restart()
    await bench.scale([{ type: 'web', quantity: 10 }])
    bench.runner.isListening = false
    for (const id of [...bench.runner.processes.keys()]) bench.runner.end(id, { status: 1 })
    await settle()
    // Two cores, one start each: the others wait until these listen.
    expect(bench.runner.list()).toHaveLength(2)
    bench.runner.listenNow()
    await settle()
    expect(bench.runner.list()).toHaveLength(10)
  })

  it('begins its back-off anew after it stayed up', async () => {
    await crash('web.1')
    await bench.clock.advance(3 * 60_000)
    await crash('web.1')
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })

  it('has not stayed up when only the clock was set, nor for as long as it waited for its turn', async () => {
    await crash('web.1')
    bench.clock.jump(60 * 60_000)
    await crash('web.1')
    expect(await bench.dynos()).toEqual(['web.1 crashed v2'])
    bench.runner.isListening = false
    await bench.clock.advance(6_000)
    // As long as it may take to boot, and more than makes it stable.
    await bench.clock.advance(50_000)
    bench.runner.listenNow()
    await bench.clock.advance(80_000)
    await crash('web.1')
    expect(await bench.dynos()).toEqual(['web.1 crashed v2'])
    expect(bench.problems.splice(0)).toEqual([expect.stringContaining('was set 3600 seconds ahead')])
  })

  it('leaves the others serving, and says why it crashed', async () => {
    await bench.scale([{ type: 'web', quantity: 2 }])
    await crash('web.2')
    bench.runner.end(bench.runner.idOf('web.2'), { signal: 'SIGKILL', outOfMemory: true })
    await settle()
    expect(bench.routed()).toEqual(['web.1'])
    const statuses = await bench.call('listDynoStatuses', { parameters, body: undefined })
    expect(statuses.find(({ name }) => name === 'web.2')?.reason).toContain('memory limit (R15)')
    expect(bench.logs.lines).toContain('web.2: State changed from up to crashed')
  })

  it('is not started again once it was scaled away', async () => {
    await crash('web.1')
    await crash('web.1')
    await bench.scale([{ type: 'web', quantity: 0 }])
    await bench.clock.advance(60_000)
    expect(bench.runner.list()).toEqual([])
    expect(await bench.dynos()).toEqual([])
  })

  it('and does not listen when it is started again crashes with R10, and is tried again', async () => {
    bench.runner.isListening = false
    await crash('web.1')
    expect(await bench.dynos()).toEqual(['web.1 starting v2'])
    expect(bench.router.app('shop').state).toBe('starting')
    await bench.clock.advance(60_000)
    expect(await bench.dynos()).toEqual(['web.1 crashed v2'])
    expect(bench.runner.list()).toEqual([])
    bench.runner.isListening = true
    await bench.clock.advance(5_000)
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })
})

describe('scaling', () => {
  it('starts more, takes relative quantities, and stops the surplus after draining', async () => {
    await bench.scale([{ type: 'web', quantity: 3 }])
    expect(await bench.dynos()).toEqual(['web.1 up v2', 'web.2 up v2', 'web.3 up v2'])
    expect(bench.routed().sort()).toEqual(['web.1', 'web.2', 'web.3'])
    const formation = await bench.scale([{ type: 'web', quantity: '-1' }])
    expect(formation.map(({ type, quantity }) => [type, quantity])).toEqual([
      ['web', 2],
      ['worker', 0],
    ])
    expect(bench.runner.list()).toEqual(['web.1: listen', 'web.2: listen'])
    expect(bench.router.drains).toHaveLength(1)
  })

  it('keeps the dynos that are there when others are added', async () => {
    const id = bench.runner.idOf('web.1')
    await bench.scale([
      { type: 'web', quantity: 2 },
      { type: 'worker', quantity: 1 },
    ])
    expect(bench.runner.idOf('web.1')).toBe(id)
    await bench.clock.advance(1000)
    expect(await bench.dynos()).toEqual(['web.1 up v2', 'web.2 up v2', 'worker.1 up v2'])
  })

  it('to zero says so to the router', async () => {
    await bench.scale([{ type: 'web', quantity: 0 }])
    expect(bench.router.app('shop').state).toBe('stopped')
  })

  it('to another size replaces dynos one for one, the old ones serving until then', async () => {
    await bench.scale([{ type: 'web', size: 'Large' }])
    expect(bench.runner.processes.size).toBe(1)
    expect(bench.runner.started.at(-1)?.limits.memoryBytes).toBe(1024 ** 3)
    const [dyno] = await bench.call('listDynos', { parameters, body: undefined })
    expect(dyno).toMatchObject({ name: 'web.1', size: 'large', state: 'up' })
  })

  it('stops the surplus though what was to be replaced does not come up', async () => {
    await bench.scale([
      { type: 'web', quantity: 2 },
      { type: 'worker', quantity: 1 },
    ])
    await bench.clock.advance(1000)
    bench.slugs.isDamaged = true
    await bench.scale([
      { type: 'web', quantity: 1 },
      { type: 'worker', size: 'large' },
    ])
    expect(bench.runner.list()).toEqual(['web.1: listen', 'worker.1: work'])
    expect(bench.problems.splice(0)).toEqual(['scaling shop failed: HearthError: The slug is damaged.'])
  })

  it('refuses unknown types and sizes and too many dynos, and changes nothing', async () => {
    const scale = (update: { type: string; quantity?: number | string; size?: string }) =>
      bench.scale([{ type: 'web', quantity: 5 }, update])
    await expect(scale({ type: 'nope', quantity: 1 })).rejects.toMatchObject({
      id: 'not_found',
      message: "Couldn't find that process type (nope). The release that serves has: web, worker.",
    })
    await expect(scale({ type: 'web', size: 'gigantic' })).rejects.toThrow('The sizes of this server are small')
    await expect(scale({ type: 'web', quantity: '-9' })).rejects.toMatchObject({ id: 'invalid_params' })
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })

  it('survives a deploy', async () => {
    await bench.scale([
      { type: 'web', quantity: 2 },
      { type: 'worker', quantity: 1, size: 'small' },
    ])
    await bench.deploy({ web: 'listen 2', worker: 'work 2' })
    await bench.clock.advance(1000)
    expect(bench.runner.list()).toEqual(['web.1: listen 2', 'web.2: listen 2', 'worker.1: work 2'])
  })
})

describe('restarting', () => {
  it('replaces every dyno, and the old one serves until the new one listens', async () => {
    await bench.scale([{ type: 'web', quantity: 2 }])
    const before = [...bench.runner.processes.keys()]
    await bench.call('restartAllDynos', { parameters, body: undefined })
    await settle()
    expect(await bench.dynos()).toEqual(['web.1 up v2', 'web.2 up v2'])
    expect([...bench.runner.processes.keys()].filter((id) => before.includes(id))).toEqual([])
    expect(bench.routed().sort()).toEqual(['web.1', 'web.2'])
  })

  it('keeps a dyno whose replacement can not be started', async () => {
    bench.slugs.isDamaged = true
    await bench.call('restartDyno', { parameters: { ...parameters, dyno: 'web.1' }, body: undefined })
    await settle()
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    expect(bench.routed()).toEqual(['web.1'])
    expect(bench.problems.splice(0)).toEqual(['restarting shop failed: HearthError: The slug is damaged.'])
  })

  it('leaves one dyno of a name, though the old one crashes and is started again while the new one comes up', async () => {
    const before = bench.runner.idOf('web.1')
    bench.runner.isListening = false
    await bench.call('restartAllDynos', { parameters, body: undefined })
    await settle()
    bench.runner.end(before, { status: 1 })
    await settle()
    expect(bench.runner.list()).toEqual(['web.1: listen', 'web.1: listen'])
    bench.runner.listenNow()
    await settle()
    expect(bench.runner.list()).toEqual(['web.1: listen'])
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })

  it('leaves one dyno of a name, though a back-off ends while another dyno takes its time to stop', async () => {
    await bench.scale([{ type: 'web', quantity: 2 }])
    bench.runner.isListening = false
    for (const name of ['web.1', 'web.2', 'web.2']) await crash(name)
    expect(await bench.dynos()).toEqual(['web.1 starting v2', 'web.2 crashed v2'])
    const stopped = Promise.withResolvers<void>()
    const stop = bench.runner.stop.bind(bench.runner)
    bench.runner.stop = async (id) => {
      await stopped.promise
      await stop(id)
    }
    bench.runner.isListening = true
    await bench.call('restartAllDynos', { parameters, body: undefined })
    await bench.clock.advance(6_000)
    stopped.resolve()
    await settle()
    expect(await bench.dynos()).toEqual(['web.1 up v2', 'web.2 up v2'])
    expect(bench.runner.list()).toEqual(['web.1: listen', 'web.2: listen'])
  })

  it('of a process type is of all its dynos, also by the way that names one', async () => {
    await bench.scale([{ type: 'worker', quantity: 1 }])
    const before = [bench.runner.idOf('web.1'), bench.runner.idOf('worker.1')]
    const now = () => [bench.runner.idOf('web.1'), bench.runner.idOf('worker.1')]
    await bench.call('restartDyno', { parameters: { ...parameters, dyno: 'worker' }, body: undefined })
    await bench.clock.advance(1000)
    expect(now()).toEqual([before[0], expect.not.stringMatching(before[1] ?? '')])
    const restarted = now()
    await bench.call('stopDyno', { parameters: { ...parameters, dyno: 'web' }, body: undefined })
    await settle()
    expect(now()).toEqual([expect.not.stringMatching(restarted[0] ?? ''), restarted[1]])
    const unknown = bench.call('restartDyno', { parameters: { ...parameters, dyno: 'clock' }, body: undefined })
    await expect(unknown).rejects.toThrow("Couldn't find that process type (clock)")
  })

  it('starts a crashed dyno without waiting for its back-off', async () => {
    await crash('web.1')
    await crash('web.1')
    await bench.call('restartFormationType', { parameters: { ...parameters, type: 'web' }, body: undefined })
    await settle()
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    await bench.clock.advance(60_000)
    expect(bench.runner.list()).toEqual(['web.1: listen'])
  })
})

describe('stopping', () => {
  it('ends a dyno of the formation, which is started anew at once, and lets its last requests end', async () => {
    const id = bench.runner.idOf('web.1')
    const draining = Promise.withResolvers<void>()
    bench.router.draining = draining.promise
    await bench.call('stopDyno', { parameters: { ...parameters, dyno: 'web.1' }, body: undefined })
    await settle()
    expect(bench.router.drains).toEqual([[id]])
    expect(bench.runner.list()).toEqual(['web.1: listen', 'web.1: listen'])
    expect(bench.routed()).toEqual(['web.1'])
    draining.resolve()
    await settle()
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    expect(bench.runner.idOf('web.1')).not.toBe(id)
    expect(bench.runner.list()).toEqual(['web.1: listen'])
  })

  it('starts it anew at once, though a release phase takes long', async () => {
    await bench.deploy({ web: 'listen 2', release: 'migrate' })
    const before = bench.runner.idOf('web.1')
    await bench.call('stopDyno', { parameters: { ...parameters, dyno: 'web.1' }, body: undefined })
    await settle()
    expect(bench.runner.idOf('web.1')).not.toBe(before)
    expect(bench.routed()).toEqual(['web.1'])
    bench.runner.end(bench.runner.started.findLast(({ command }) => command === 'migrate')?.id ?? '', { status: 0 })
    await settle()
    expect(bench.runner.list()).toEqual(['web.1: listen 2'])
  })

  it('works on a dyno whose deploy hangs, and that deploy fails by it', async () => {
    await bench.deploy({ web: 'hang' })
    await bench.call('stopDyno', { parameters: { ...parameters, dyno: 'web.1' }, body: undefined })
    await settle()
    expect(await bench.releases()).toContainEqual(expect.stringMatching(/^v3 failed/))
    expect(bench.routed()).toEqual(['web.1'])
    expect(bench.runner.list()).toEqual(['web.1: listen'])
  })

  it('of a type takes its one-off dynos too, and no others', async () => {
    await bench.scale([{ type: 'worker', quantity: 1 }])
    for (const type of ['worker', 'run']) {
      await bench.call('createDyno', { parameters, body: { command: `once as ${type}`, type } })
    }
    const stopType = (type: string) =>
      bench.call('stopFormationType', { parameters: { ...parameters, type }, body: undefined })
    const before = bench.runner.idOf('worker.1')
    await stopType('worker')
    await settle()
    expect(bench.runner.list()).toEqual([
      expect.stringMatching(/^run\.\d+: once as run$/),
      'web.1: listen',
      'worker.1: work',
    ])
    expect(bench.runner.idOf('worker.1')).not.toBe(before)
    await stopType('run')
    await settle()
    expect(bench.runner.list()).toEqual(['web.1: listen', 'worker.1: work'])
    await expect(stopType('clock')).rejects.toThrow("Couldn't find that process type (clock).")
    // There may be one-off dynos, only none just now.
    await stopType('run')
  })
})
