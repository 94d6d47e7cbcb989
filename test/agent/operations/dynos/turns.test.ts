import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bench, settle } from '../workbench.ts'

const second = 1000
const parameters = { app: 'shop' }
let bench: Bench
let before: number
let computed = 0

/** The fake machine has two cores: four may start at once. */
beforeEach(async () => {
  bench = await Bench.open()
  for (const name of ['shop', 'blog']) {
    await bench.createApp(name)
    await bench.deploy({ web: 'listen' }, name)
  }
  await bench.scale([{ type: 'web', quantity: 2 }], 'blog')
  await bench.scale([{ type: 'web', quantity: 10 }])
  await settle()
  expect(bench.routed()).toHaveLength(10)
  bench.runner.isListening = false
  before = bench.runner.started.length
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

/** Since the test began, in order: `shop web.1`. */
const started = () => bench.runner.started.slice(before).map(({ app, name }) => `${app.name} ${name}`)
const shop = (...numbers: number[]) => numbers.map((number) => `shop web.${number}`)
const newest = async (app = 'shop') => (await bench.releases(app)).at(-1)
/** Of the new ones, beside which the old ones have the same names. */
const reasons = async () => {
  const statuses = await bench.call('listDynoStatuses', { parameters, body: undefined })
  const dynos = await bench.call('listDynos', { parameters, body: undefined })
  expect(statuses.map(({ id }) => id)).toEqual(dynos.map(({ id }) => id))
  return statuses.slice(10).map(({ reason }) => reason)
}
const restart = () => bench.call('restartAllDynos', { parameters, body: undefined })
/** Those that have started come up, and those after them not. */
const listen = async () => {
  bench.runner.listenNow()
  bench.runner.isListening = false
  await settle()
}
/** Time goes by, in which dynos that start compute, or wait for something. */
const pass = async (durationMs: number, what: 'computing' | 'waiting') => {
  for (let passedMs = 0; passedMs < durationMs; passedMs += 5 * second) {
    if (what === 'computing') computed += 0.5
    for (let number = 1; number <= 10; number += 1) bench.runner.cpuSeconds.set(`web.${number}`, computed)
    await bench.clock.advance(5 * second)
  }
}

describe('many dynos of one app start a few at a time, the next as one is up,', () => {
  it('in a deploy, which switches when the last is up', async () => {
    await bench.deploy({ web: 'listen 2' })
    expect(started()).toEqual(shop(1, 2, 3, 4))
    expect(await reasons()).toEqual([...Array(4).fill(null), ...Array(6).fill('waits for its turn to start')])
    await listen()
    expect(started()).toEqual(shop(1, 2, 3, 4, 5, 6, 7, 8))
    await listen()
    expect(await reasons()).toEqual(Array(10).fill(null))
    expect(await newest()).toContain('pending')
    expect(bench.runner.list().filter((dyno) => dyno.endsWith('listen'))).toHaveLength(12)
    await listen()
    expect(await newest()).toContain('succeeded')
    expect(started()).toHaveLength(10)
    expect(bench.routed()).toHaveLength(10)
  })

  it('in a change of config vars and a rollback', async () => {
    await bench.setConfigVars({ FOO: '1' })
    expect(started()).toEqual(shop(1, 2, 3, 4))
    for (const _ of [1, 2, 3]) await listen()
    await bench.call('createRelease', { parameters, body: { release: 'v2' } })
    await settle()
    expect(started()).toHaveLength(14)
  })

  it('in a restart, during which the old ones serve', async () => {
    await restart()
    await settle()
    expect(started()).toEqual(shop(1, 2, 3, 4))
    expect(bench.routed().length).toBeGreaterThanOrEqual(10)
    for (const _ of [1, 2, 3]) await listen()
    expect(started()).toHaveLength(10)
    expect(bench.runner.list().filter((dyno) => dyno.endsWith('listen'))).toHaveLength(12)
  })

  it('in a restart, and those that serve by then answer their last requests when one that comes later fails', async () => {
    await restart()
    await settle()
    await listen()
    const cutOff: string[] = []
    bench.runner.onStop = (id) => {
      if (bench.router.app('shop').dynos.some((dyno) => dyno.id === id)) cutOff.push(id)
    }
    expect(bench.routed()).toHaveLength(14)
    bench.runner.end(bench.runner.idOf('web.5'), { status: 1 })
    await settle()
    expect(cutOff).toEqual([])
    expect(bench.routed()).toHaveLength(10)
    expect(bench.runner.list().filter((dyno) => dyno.endsWith('listen'))).toHaveLength(12)
  })

  it('each with its whole time to boot, counted from its own start', async () => {
    await bench.deploy({ web: 'listen 2' })
    for (const count of [4, 8, 10]) {
      await pass(50 * second, 'computing')
      expect(started()).toHaveLength(count)
      await listen()
    }
    expect(await newest()).toContain('succeeded')
    expect(bench.logs.lines.join()).not.toContain('R10')
  })

  it('or as one computes nothing any more, though it is not up: it waits, or hangs', async () => {
    await bench.deploy({ web: 'listen 2' })
    await pass(20 * second, 'computing')
    expect(started()).toHaveLength(4)
    await pass(10 * second, 'waiting')
    expect(started()).toHaveLength(8)
  })
})

it('no other starts because the process of one takes long to be made, as on a busy machine', async () => {
  const made = Promise.withResolvers<void>()
  bench.slugs.opening = made.promise
  await bench.deploy({ web: 'listen 2' })
  await pass(15 * second, 'waiting')
  made.resolve()
  await settle()
  expect(started()).toEqual(shop(1, 2, 3, 4))
})

describe('the dynos of one app hold up no other:', () => {
  const deployBlog = () => bench.deploy({ web: 'listen 2' }, 'blog')

  it('the next turns are those of who has none', async () => {
    await bench.deploy({ web: 'listen 2' })
    bench.runner.isListening = true
    await deployBlog()
    expect(started()).toEqual(shop(1, 2, 3, 4))
    // These four hang, and let others pass.
    await pass(10 * second, 'waiting')
    expect(started().slice(4, 8)).toEqual(['blog web.1', 'shop web.5', 'blog web.2', 'shop web.6'])
    expect(await newest('blog')).toContain('succeeded')
  })

  it('a few start at once where nothing else does', async () => {
    await bench.scale([{ type: 'web', quantity: 4 }])
    await bench.deploy({ web: 'listen 2' })
    expect(started()).toEqual(shop(1, 2, 3, 4))
  })

  it.each([
    ['that crashes', () => bench.runner.end(bench.runner.idOf('web.2'), { status: 1 })],
    ['whose app is destroyed', () => bench.call('destroyApp', { parameters, body: undefined })],
  ])('one %s ends the release, and those that waited for their turn are not started', async (_, end) => {
    await bench.deploy({ web: 'listen 2' })
    const last = bench.store.releases.pending()[0]?.id ?? ''
    await end()
    await settle()
    expect(bench.store.releases.byId(last)?.status ?? 'failed').toBe('failed')
    expect(bench.runner.list()).not.toContainEqual(expect.stringMatching('listen 2'))
    expect(started().filter((name) => name.startsWith('shop'))).toHaveLength(4)
    bench.runner.isListening = true
    await deployBlog()
    expect(await newest('blog')).toContain('succeeded')
  })

  it.each([
    ['crashes', () => bench.runner.end(bench.runner.idOf('web.2'), { status: 1 })],
    ['is stopped', () => bench.call('stopDyno', { parameters: { ...parameters, dyno: 'web.2' }, body: undefined })],
  ])('one that %s after it has come up ends its release at once too', async (_, end) => {
    await bench.deploy({ web: 'listen 2' })
    await listen()
    await end()
    await settle()
    expect(await newest()).toContain('failed')
    expect(started()).toHaveLength(8)
    expect(bench.runner.list().filter((dyno) => dyno.endsWith('listen'))).toHaveLength(12)
  })

  it('one that is stopped while it waits for its turn is not started, and ends its release', async () => {
    await bench.deploy({ web: 'listen 2' })
    await bench.call('stopDyno', { parameters: { ...parameters, dyno: 'web.5' }, body: undefined })
    await listen()
    expect(await newest()).toContain('failed')
    expect(started()).not.toContain('shop web.5')
    expect(bench.routed()).toHaveLength(10)
  })

  it('one that never comes up has its time and no more', async () => {
    await bench.deploy({ web: 'listen 2' })
    await pass(60 * second, 'computing')
    expect(await newest()).toContain('failed')
    expect(started()).toHaveLength(4)
    expect(bench.routed()).toHaveLength(10)
    bench.runner.isListening = true
    await restart()
    await settle()
    expect(started()).toHaveLength(14)
  })

  it('an agent that closes in the middle begins no more, and the next one finds the old release serving', async () => {
    await bench.deploy({ web: 'listen 2' })
    await bench.stop()
    expect(started()).toHaveLength(4)
    bench.runner.isListening = true
    await bench.start()
    await bench.clock.advance(second)
    expect(await newest()).toContain('failed')
    expect(bench.runner.list().filter((dyno) => dyno.endsWith('listen'))).toHaveLength(12)
    expect(bench.runner.processes.size).toBe(12)
    expect(bench.routed()).toHaveLength(10)
  })
})
