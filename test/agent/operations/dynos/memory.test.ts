import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bench, settle } from '../workbench.ts'

const mebibyte = 1024 ** 2
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

const reason = async () => (await bench.call('listDynoStatuses', { parameters, body: undefined }))[0]?.reason
const linesOf = async (work: () => Promise<unknown>) => {
  const from = bench.logs.lines.length
  await work()
  return bench.logs.lines.slice(from)
}

describe('a dyno that uses more memory than its size grants', () => {
  it('is told so in the log every 20 seconds and beside its state, serves on, and is well again with less (R14)', async () => {
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual([])
    bench.runner.memory.set('web.1', 530 * mebibyte)
    const told = ['web.1: Process running mem=530M(103.5%)', 'web.1: Error R14 (Memory quota exceeded)']
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual(told)
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual(told)
    expect(await reason()).toBe('uses 530 MB of memory, more than the 512 MB of its size (R14)')
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    expect(bench.routed()).toEqual(['web.1'])
    bench.runner.memory.clear()
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual([])
    expect(await reason()).toBe(null)
  })

  it('may grow to twice that, which the runner is told, and at that is ended and started anew (R15)', async () => {
    expect(bench.runner.started[0]?.limits).toMatchObject({
      memoryBytes: 512 * mebibyte,
      memoryMaximumBytes: 1024 * mebibyte,
    })
    bench.runner.endsBy = 'SIGKILL'
    bench.runner.memory.set('web.1', 1029 * mebibyte)
    const before = bench.runner.idOf('web.1')
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual([
      'web.1: Process running mem=1029M(201.0%)',
      'web.1: Error R15 (Memory quota vastly exceeded)',
      'web.1: Stopping process with SIGKILL',
      'web.1: Process exited with status 137',
      'web.1: State changed from up to crashed',
      'web.1: State changed from crashed to starting',
      'web.1: Starting process with command `listen`',
      'web.1: State changed from starting to up',
    ])
    expect(bench.runner.idOf('web.1')).not.toBe(before)
  })

  it('is ended when the kernel ended a part of it only', async () => {
    bench.runner.oomKills.set('web.1', 1)
    await bench.clock.advance(20_000)
    expect(bench.logs.lines).toContain('web.1: Error R15 (Memory quota vastly exceeded)')
  })

  it('has the multiple that the server is set to', async () => {
    bench.settings = { memoryMultiple: 1.25, memorySampleMs: 1000 }
    await bench.restart()
    await bench.scale([{ type: 'worker', quantity: 1 }])
    expect(bench.runner.started.at(-1)?.limits.memoryMaximumBytes).toBe(640 * mebibyte)
    bench.runner.memory.set('worker.1', 641 * mebibyte)
    await bench.clock.advance(1000)
    await bench.clock.advance(1000)
    expect(bench.logs.lines).toContain('worker.1: Error R15 (Memory quota vastly exceeded)')
  })

  it('counts the same for a one-off dyno, which is not started again', async () => {
    await bench.call('createDyno', { parameters, body: { command: 'report' } })
    await settle()
    const name = bench.runner.started.at(-1)?.name ?? ''
    bench.runner.memory.set(name, 2048 * mebibyte)
    await bench.clock.advance(20_000)
    expect(bench.runner.list()).toEqual(['web.1: listen'])
    expect(bench.logs.lines).toContain(`${name}: State changed from up to complete`)
  })

  it('fails a release for its memory, when it is of the release phase', async () => {
    await bench.deploy({ web: 'listen', release: 'migrate' })
    const name = bench.runner.started.at(-1)?.name ?? ''
    expect(name).toMatch(/^release\./)
    bench.runner.endsBy = 'SIGKILL'
    bench.runner.oomKills.set(name, 1)
    await bench.clock.advance(20_000)
    const [release] = (await bench.call('listReleases', { parameters, body: undefined })).slice(-1)
    expect(release).toMatchObject({ version: 3, status: 'failed' })
    expect(bench.logs.lines.filter((line) => line.includes('Error R15'))).toHaveLength(1)
    expect(bench.logs.lines).toContainEqual(expect.stringMatching(/^api: Release v3 failed: .*memory limit \(R15\)/))
  })

  it('finds in its environment what its size grants, not what it may grow to', () => {
    expect(bench.runner.started[0]?.environment.reveal()).toMatchObject({ MEMORY_AVAILABLE: '512' })
  })
})

describe('an app with the feature log-runtime-metrics', () => {
  const turn = (enabled: boolean) =>
    bench.call('updateAppFeature', {
      parameters: { ...parameters, feature: 'log-runtime-metrics' },
      body: { enabled },
    })

  it('has load and memory of its dynos in its log every 20 seconds, in Heroku’s words', async () => {
    await turn(true)
    bench.runner.memory.set('web.1', 100 * mebibyte)
    const source = `web.1: source=web.1 dyno=heroku.${bench.store.apps.list()[0]?.id}.${bench.runner.idOf('web.1')}`
    const memory =
      'sample#memory_total=100.00MB sample#memory_rss=50.00MB sample#memory_cache=50.00MB sample#memory_swap=0.00MB'
    const told = (load: string) => [`${source} ${load}`, `${source} ${memory} sample#memory_quota=512.00MB`]
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual(
      told('sample#load_avg_1m=0.00 sample#load_avg_5m=0.00 sample#load_avg_15m=0.00'),
    )
    // One core all the time since.
    bench.runner.cpuSeconds.set('web.1', 20.5)
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual(
      told('sample#load_avg_1m=0.28 sample#load_avg_5m=0.06 sample#load_avg_15m=0.02'),
    )
    await turn(false)
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual([])
  })
})

describe('a dyno whose disk is full', () => {
  const half = 256 * mebibyte
  const full = { usedBytes: half, totalBytes: half, freeFiles: 100 }

  it('is told so in the log once, and beside its state until it has room again', async () => {
    bench.runner.disks.set('web.1', { ...full, usedBytes: half * 0.98 })
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual([])
    bench.runner.disks.set('web.1', full)
    const told = [
      'web.1: Error: the dyno has used 256 MB of the 256 MB of its disk; what it writes is refused (ENOSPC)',
    ]
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual(told)
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual([])
    expect(await reason()).toBe('has used 256 MB of the 256 MB of its disk')
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    bench.runner.disks.set('web.1', { ...full, usedBytes: 0 })
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual([])
    expect(await reason()).toBe(null)
    bench.runner.disks.set('web.1', full)
    expect(await linesOf(() => bench.clock.advance(20_000))).toEqual(told)
  })

  it('also when it is full of small files, and beside what else is wrong with it', async () => {
    bench.runner.memory.set('web.1', 530 * mebibyte)
    bench.runner.disks.set('web.1', { ...full, usedBytes: 0, freeFiles: 0 })
    await bench.clock.advance(20_000)
    expect(await reason()).toBe(
      'uses 530 MB of memory, more than the 512 MB of its size (R14), and has as many files as its disk takes',
    )
  })

  it('and crashes has it in its log and in its reason', async () => {
    bench.runner.end(bench.runner.idOf('web.1'), { status: 1, disk: full })
    expect(bench.logs.lines).toContain(
      'web.1: Error: the dyno has used 256 MB of the 256 MB of its disk; what it writes is refused (ENOSPC)',
    )
    expect(await reason()).toBe('exited with status 1, and has used 256 MB of the 256 MB of its disk')
    await bench.clock.advance(60_000)
  })
})
