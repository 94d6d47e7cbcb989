import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import type { Store } from '../../../../agent/core/ports/store.ts'
import { describeWarning } from '../../../../agent/core/server-warning.ts'
import { fakeMachine } from '../fakes/fake-ports.ts'
import { Bench } from '../workbench.ts'

let bench: Bench
/** What is wrong with the disk. */
let problem: string | null
/** It takes a change, and fails at the note of it. */
let failsNotes: boolean

beforeEach(async () => {
  problem = null
  failsNotes = false
  bench = await Bench.open()
  await bench.createApp()
  await bench.deploy({ web: 'listen' })
  await bench.stop()
  await bench.start((ports) => ({
    ...ports,
    store: refuseWrites(ports.store),
    machine: {
      ...fakeMachine,
      async measure() {
        const figures = await fakeMachine.measure()
        return { ...figures, disk: { ...figures.disk, problem } }
      },
    },
  }))
})
afterEach(() => bench.close())

/** While the disk fails, no row of a dyno is changed, and nothing else is begun. */
function refuseWrites(store: Store): Store {
  const guard = (fails = problem !== null) => {
    if (fails) throw new HearthError('disk_failed', "The server's disk fails: nothing was changed.")
  }
  return {
    ...store,
    dynos: {
      ...store.dynos,
      update(...parameters) {
        guard()
        store.dynos.update(...parameters)
      },
    },
    activity: {
      ...store.activity,
      insert(row) {
        guard(failsNotes)
        store.activity.insert(row)
      },
    },
    transaction(change) {
      guard()
      return store.transaction(change)
    },
  }
}

describe('while the disk fails', () => {
  it('a dyno that crashes is started again as soon as the disk takes what is written', async () => {
    problem = 'is read-only (EROFS)'
    bench.runner.end(bench.runner.idOf('web.1'), { status: 1 })
    await bench.clock.advance(60_000)
    expect(bench.runner.list()).toEqual([])
    expect(bench.logs.lines).toContain('web.1: Process exited with status 1')
    problem = null
    await bench.clock.advance(10_000)
    expect(bench.runner.list()).toEqual(['web.1: listen'])
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })

  it('also one whose crash was written down when the disk still took it', async () => {
    bench.chance = 0.5
    for (let crash = 0; crash < 2; crash++) {
      bench.runner.end(bench.runner.idOf('web.1'), { status: 1 })
      if (crash === 0) await bench.clock.advance(100)
    }
    expect(await bench.dynos()).toEqual(['web.1 crashed v2'])
    problem = 'does not answer'
    await bench.clock.advance(30_000)
    expect(bench.runner.list()).toEqual([])
    problem = null
    await bench.clock.advance(10_000)
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })

  it('what was done is answered as done, though the disk fails before it is noted who did it', async () => {
    failsNotes = true
    expect(await bench.createApp('other')).toMatchObject({ name: 'other' })
    const noted = async () => {
      const activity = await bench.call('listServerActivity', { parameters: {}, body: undefined })
      return activity.map(({ description }) => description)
    }
    expect(await noted()).not.toContain('Created the app other')
    failsNotes = false
    await bench.clock.advance(10_000)
    expect(await noted()).toContain('Created the app other')
  })

  it('a change is refused, and goes through afterwards', async () => {
    problem = 'is read-only (EROFS)'
    await expect(bench.createApp('other')).rejects.toMatchObject({ id: 'disk_failed', status: 507 })
    problem = null
    expect(await bench.createApp('other')).toMatchObject({ name: 'other' })
  })

  it('the operator is told once, and again when it is well; users read it in the status and with every answer', async () => {
    problem = 'is read-only (EROFS)'
    await bench.clock.advance(180_000)
    expect(await bench.call('getServerStatus', { parameters: {}, body: undefined })).toMatchObject({
      disk: { problem },
    })
    await expect.poll(() => bench.platform.warning()).toContain('The disk is read-only (EROFS): nothing can be changed')
    problem = null
    await bench.clock.advance(60_000)
    const told = bench.problems.filter((text) => text.startsWith('The disk'))
    expect(told).toEqual([
      'The disk fails: nothing can be changed, and what runs is served on: the disk is read-only (EROFS)',
      'The disk is well again: what is written to it arrives',
    ])
  })

  it('the warning is a line that can be a header', async () => {
    const figures = await fakeMachine.measure()
    const disk = { ...figures.disk, freeBytes: 2, totalBytes: 2, reserveBytes: 0, problem: 'does not answer' }
    expect(describeWarning('nas', { ...figures, disk })).toBe(
      'Server nas: The disk does not answer: nothing can be changed, and what runs is served on.',
    )
  })
})
