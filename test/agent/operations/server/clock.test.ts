import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bench } from '../workbench.ts'

const minute = 60_000
const day = 24 * 60 * minute

let bench: Bench
beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
  await bench.deploy({ web: 'listen' })
})
afterEach(() => bench.close())

describe('a clock that is set', () => {
  it('is told to the operator, once each time, by how much', async () => {
    await bench.clock.advance(minute)
    await bench.clock.advance(minute)
    expect(bench.problems).toEqual([])
    bench.clock.jump(day)
    await bench.clock.advance(minute)
    bench.clock.jump(-2 * day)
    await bench.clock.advance(minute)
    await bench.clock.advance(minute)
    expect(bench.problems.map((text) => text.replace(/:.*/, ''))).toEqual([
      'The clock of this server was set 86400 seconds ahead',
      'The clock of this server was set 172800 seconds back',
    ])
  })

  it('back gives a dyno that has its time no more of it, though the agent was started anew', async () => {
    const body = { command: 'work', time_to_live: 60 }
    const { name } = await bench.call('createDyno', { parameters: { app: 'shop' }, body })
    bench.clock.jump(-60 * day)
    await bench.stop()
    await bench.start()
    await bench.clock.advance(30_000)
    expect(bench.runner.list()).toContain(`${name}: work`)
    await bench.clock.advance(32_000)
    expect(bench.runner.list()).toEqual(['web.1: listen'])
  })
})
