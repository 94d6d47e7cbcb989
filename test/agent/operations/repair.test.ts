import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Killer } from './crash.ts'
import { Bench, settle } from './workbench.ts'

let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
  await bench.deploy({ web: 'listen 1', worker: 'work 1' })
  await bench.scale([
    { type: 'web', quantity: 2 },
    { type: 'worker', quantity: 1 },
  ])
  await bench.clock.advance(2000)
})
afterEach(async () => {
  await bench.close()
})

/** Whatever happened: one release serves, and exactly its formation runs and is routed to. */
async function expectOrder(): Promise<void> {
  await bench.clock.advance(2000)
  await bench.clock.advance(2000)
  const releases = await bench.releases()
  expect(releases.filter((release) => release.includes('pending'))).toEqual([])
  const current = releases.find((release) => release.includes('current'))?.split(' ')[0] ?? ''
  const code = current === 'v2' ? 1 : 2
  expect(bench.runner.list()).toEqual([`web.1: listen ${code}`, `web.2: listen ${code}`, `worker.1: work ${code}`])
  expect(await bench.dynos()).toEqual([`web.1 up ${current}`, `web.2 up ${current}`, `worker.1 up ${current}`])
  expect(bench.routed().sort()).toEqual(['web.1', 'web.2'])
}

/** Kills the agent at each of its actions during `work` in turn, starts it again, and looks. */
async function killAtEachStep(work: () => Promise<unknown>): Promise<string[]> {
  const killedAt: string[] = []
  const cutOff: string[] = []
  bench.runner.onStop = (id) => {
    if (bench.router.table.apps.some(({ dynos }) => dynos.some((dyno) => dyno.id === id))) cutOff.push(id)
  }
  for (let calls = 1; ; calls += 1) {
    const killer = new Killer()
    await bench.stop()
    await bench.start(killer.wrap)
    await expectOrder()
    killer.arm(calls)
    work().catch(() => undefined)
    await settle()
    await bench.clock.advance(2000)
    await bench.clock.advance(2000)
    if (!killer.hasKilled) return killedAt
    killedAt.push(killer.lastCall ?? '')
    // Nobody decides anything now, yet every request finds a dyno that lives.
    expect(new Set(bench.routed())).toEqual(new Set(['web.1', 'web.2']))
    bench.platform.close().catch(() => undefined)
    bench.store.close()
    await bench.start()
    await expectOrder()
    expect(cutOff, `killed at ${killer.lastCall}: dynos stopped while requests were sent to them`).toEqual([])
  }
}

describe('an agent that is killed', () => {
  it('at any step of a deploy leaves one release serving', async () => {
    const killedAt = await killAtEachStep(async () => {
      await bench.deploy({ web: 'listen 2', worker: 'work 2' })
    })
    expect(killedAt.length).toBeGreaterThan(40)
    for (const step of ['store.releases.insert', 'runner.start', 'router.apply', 'router.drained', 'runner.stop']) {
      expect(killedAt).toContain(step)
    }
  }, 240_000)

  it('at any step of scaling or restarting brings the formation to what was asked for', async () => {
    const scaled = await killAtEachStep(async () => {
      const [web] = await bench.call('listFormation', { parameters: { app: 'shop' }, body: undefined })
      await bench.scale([{ type: 'web', size: web?.size === 'large' ? 'small' : 'large' }])
    })
    const restarted = await killAtEachStep(async () => {
      await bench.call('restartAllDynos', { parameters: { app: 'shop' }, body: undefined })
    })
    for (const killedAt of [scaled, restarted]) expect(killedAt).toContain('runner.start')
  }, 240_000)
})

describe('a restarted agent', () => {
  it('takes up the dynos that run, without touching them', async () => {
    const before = [...bench.runner.processes.keys()]
    await bench.restart()
    expect([...bench.runner.processes.keys()]).toEqual(before)
    await expectOrder()
    bench.runner.end(bench.runner.idOf('web.2'), { status: 1 })
    await settle()
    await expectOrder()
  })

  it('starts anew what ended while it was away', async () => {
    await bench.stop()
    bench.runner.processes.delete(bench.runner.idOf('web.1'))
    await bench.start()
    await expectOrder()
  })

  it('brings the whole formation back after the machine was rebooted', async () => {
    await bench.stop()
    bench.runner.loseAll()
    await bench.start()
    await expectOrder()
  })

  it('starts not all dynos at once after a reboot: web dynos first, the others as these come up', async () => {
    for (const app of ['blog', 'wiki']) {
      await bench.createApp(app)
      await bench.deploy({ web: `listen ${app}`, worker: `work ${app}` }, app)
      await bench.scale(
        [
          { type: 'web', quantity: 2 },
          { type: 'worker', quantity: 1 },
        ],
        app,
      )
      await bench.clock.advance(2000)
    }
    await bench.stop()
    bench.runner.loseAll()
    bench.runner.isListening = false
    const before = bench.runner.started.length
    await bench.start()
    const started = () => bench.runner.started.slice(before).map(({ name }) => name)
    // Two for each of the machine's two cores, each app's first before any other's second.
    expect(started()).toEqual(['web.1', 'web.1', 'web.1', 'web.2'])
    // Meanwhile requests to every app are held for a while, not refused.
    for (const app of ['blog', 'shop', 'wiki']) expect(bench.router.app(app).state).toBe('starting')
    bench.runner.isListening = true
    // Those four never come up, and hold nobody up for ever.
    await bench.clock.advance(5_000)
    await bench.clock.advance(5_000)
    expect(started().slice(4)).toEqual(['web.2', 'web.2', 'worker.1', 'worker.1', 'worker.1'])
    await bench.clock.advance(60_000)
    await bench.clock.advance(10_000)
    for (const app of ['blog', 'shop', 'wiki']) expect(bench.router.app(app).dynos).toHaveLength(2)
  })

  it('does not start a dyno that was scaled away while it waited for its turn', async () => {
    await bench.scale([{ type: 'web', quantity: 9 }])
    await bench.clock.advance(2000)
    await bench.stop()
    bench.runner.loseAll()
    bench.runner.isListening = false
    await bench.start()
    await bench.scale([{ type: 'web', quantity: 2 }])
    bench.runner.isListening = true
    for (let round = 0; round < 9; round += 1) await bench.clock.advance(60_000)
    await expectOrder()
  })

  it('does not begin what still waited when it was told to close', async () => {
    await bench.deploy({ web: 'hang', worker: 'work' })
    const waiting = bench.call('updateConfigVars', { parameters: { app: 'shop' }, body: { LATE: '1' } })
    const refused = expect(waiting).rejects.toThrow('closing')
    await bench.restart()
    await refused
    expect((await bench.releases()).at(-1)).toBe('v3 failed: Deploy 1a2b3c4d')
    await expectOrder()
  })

  it('stops dynos that no row speaks of', async () => {
    await bench.stop()
    const [some] = bench.runner.started
    if (some) await bench.runner.start({ ...some, id: 'orphan' })
    await bench.start()
    await expectOrder()
  })

  it('ends one-off dynos that lost their terminal and keeps those that write to the log, with their time', async () => {
    const parameters = { app: 'shop' }
    const run = () => bench.call('createDyno', { parameters, body: { command: 'bash', attach: true } })
    const inside = { parameters: { ...parameters, dyno: 'web.1' }, body: { command: 'bash' } }
    for (const dyno of [await run(), await bench.call('runInsideDyno', inside)]) {
      await bench.platform.attachDyno(dyno.attach_url?.split('/').at(-1) ?? '', null)
    }
    expect(bench.runner.list().filter((dyno) => dyno.endsWith('bash'))).toHaveLength(2)
    // Nobody has opened this one yet.
    await run()
    await bench.call('createDyno', { parameters, body: { command: 'count', time_to_live: 100 } })
    await bench.restart()
    expect(bench.runner.list().filter((dyno) => dyno.startsWith('run'))).toEqual([expect.stringContaining('count')])
    await bench.clock.advance(100_000)
    await expectOrder()
  })

  it('gives the router newer tables than it had, even when the clock went back', async () => {
    const { table } = bench.router
    bench.router.table = { ...table, revision: table.revision + 1e12, apps: [] }
    await bench.restart()
    expect(bench.routed()).toHaveLength(2)
  })
})
