import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DynoCreate } from '../../../../agent/contract/dynos/dyno.ts'
import { limits } from '../../../../agent/core/limits.ts'
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
const run = (body: DynoCreate) => bench.call('createDyno', { parameters, body })
const inside = (dyno: string, command = 'bash') =>
  bench.call('runInsideDyno', { parameters: { ...parameters, dyno }, body: { command } })
const secretOf = ({ attach_url }: { attach_url: string | null }) => attach_url?.split('/').at(-1) ?? ''
const open = (dyno: { attach_url: string | null }) => bench.platform.attachDyno(secretOf(dyno), null)
const pipes = { kind: 'pipes', areErrorsApart: true } as const

describe('a one-off dyno with a terminal', () => {
  it('starts when its terminal is opened, by what is asked for then, and is gone afterwards', async () => {
    const dyno = await run({ command: 'bash', attach: true })
    expect(dyno).toMatchObject({ type: 'run', state: 'starting', attach_url: expect.stringMatching(/^\/attach\//) })
    expect(bench.runner.list()).toEqual(['web.1: listen'])
    const attached = await bench.platform.attachDyno(secretOf(dyno), pipes)
    expect(bench.runner.started.at(-1)?.terminal).toEqual(pipes)
    expect(await bench.dynos()).toEqual([expect.stringMatching(/^run\.\d+ up v2$/), 'web.1 up v2'])
    bench.runner.end(dyno.id, { signal: 'SIGTERM' })
    expect(await attached.exitCode).toBe(143)
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })

  it('is as it was created with where nobody says otherwise', async () => {
    await open(await run({ command: 'bash', attach: true, env: { COLUMNS: '100', LINES: '30' } }))
    expect(bench.runner.started.at(-1)?.terminal).toEqual({ kind: 'pty', columns: 100, rows: 30 })
    await open(await run({ command: 'bash', attach: true, force_no_tty: true }))
    expect(bench.runner.started.at(-1)?.terminal).toEqual({ kind: 'pipes', areErrorsApart: false })
  })

  it('opens once, of two who come at the same moment too', async () => {
    const dyno = await run({ command: 'bash', attach: true })
    const results = await Promise.allSettled([open(dyno), open(dyno)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    await expect(open(dyno)).rejects.toMatchObject({ id: 'not_found' })
    expect(bench.runner.started.filter(({ id }) => id === dyno.id)).toHaveLength(1)
  })

  it('tells its secret to who created it, and to nobody who lists dynos', async () => {
    const { id } = await run({ command: 'bash', attach: true })
    const listed = await bench.call('listDynos', { parameters, body: undefined })
    const shown = await bench.call('getDyno', { parameters: { ...parameters, dyno: id }, body: undefined })
    expect([...listed, shown].map(({ attach_url }) => attach_url)).toEqual([null, null, null])
  })

  it('ends when its terminal is closed', async () => {
    const attached = await open(await run({ command: 'bash', attach: true }))
    await attached.detach()
    expect(bench.runner.list()).toEqual(['web.1: listen'])
    expect(bench.logs.lines.at(-2)).toMatch(/^run\.\d+: Client connection closed. Sending SIGHUP to all processes$/)
  })

  it('is forgotten when nobody opens it in time, or it is stopped before', async () => {
    const late = await run({ command: 'bash', attach: true })
    const stopped = await run({ command: 'bash', attach: true })
    await bench.call('stopDyno', { parameters: { ...parameters, dyno: stopped.name }, body: undefined })
    await settle()
    await expect(open(stopped)).rejects.toThrow(`${stopped.name} was stopped before its terminal was opened.`)
    await bench.clock.advance(61_000)
    await expect(open(late)).rejects.toMatchObject({ id: 'not_found' })
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
    expect(bench.logs.lines.filter((line) => line.startsWith(late.name))).toEqual([
      `${late.name}: Awaiting client`,
      `${late.name}: Error R13 (Attach error) -> Failed to attach to process`,
      `${late.name}: State changed from starting to complete`,
    ])
  })

  it('that can not be started says so to who opens it, and leaves no row', async () => {
    const dyno = await run({ command: 'refuse', attach: true })
    await expect(open(dyno)).rejects.toThrow('The fake refuses to start this.')
    expect(await bench.dynos()).toEqual(['web.1 up v2'])
  })

  it('has its time from when it was created, and ends with it', async () => {
    const dyno = await run({ command: 'bash', attach: true, time_to_live: 60 })
    await bench.clock.advance(30_000)
    await open(dyno)
    await bench.clock.advance(31_000)
    expect(bench.runner.list()).toEqual(['web.1: listen'])
  })
})

describe('a one-off dyno without a terminal', () => {
  it('starts at once, by its type and size, and writes to the log', async () => {
    const { name } = await run({ command: 'work', type: 'worker', size: 'LARGE', env: { A: 'b' } })
    expect(name).toMatch(/^worker\.\d{4}$/)
    expect(bench.runner.started.at(-1)).toMatchObject({ terminal: null, limits: { memoryBytes: 1024 ** 3 } })
    expect(bench.runner.started.at(-1)?.environment.reveal()).toMatchObject({ A: 'b', DYNO: name })
    bench.runner.print(name, 'hello')
    expect(bench.logs.lines.at(-1)).toBe(`app ${name}: hello`)
  })

  it('that is to run a process type runs its command, with what follows', async () => {
    const commands = [
      'worker',
      'worker --once "a b"',
      ' worker\n42',
      'workers',
      'worker-2',
      'echo worker',
      'constructor',
    ]
    for (const command of commands) await run({ command })
    expect(bench.runner.started.slice(-commands.length).map(({ command }) => command)).toEqual([
      ...['work', 'work --once "a b"', 'work\n42'],
      ...['workers', 'worker-2', 'echo worker', 'constructor'],
    ])
    expect(bench.logs.lines).toContain('api: Starting process with command `worker --once "a b"` by user ann@laptop')
  })

  it('is stopped when its time is over', async () => {
    await run({ command: 'work', time_to_live: 60 })
    await bench.clock.advance(59_000)
    expect(bench.runner.list()).toContainEqual(expect.stringMatching(/^run\./))
    await bench.clock.advance(2_000)
    expect(bench.runner.list()).toEqual(['web.1: listen'])
  })

  it('is not touched by a deploy, nor by scaling and restarting its type', async () => {
    const { id } = await run({ command: 'once', type: 'web' })
    await bench.deploy({ web: 'listen 2' })
    await bench.call('restartFormationType', { parameters: { ...parameters, type: 'web' }, body: undefined })
    await bench.scale([{ type: 'web', quantity: 2 }])
    expect(bench.runner.processes.has(id)).toBe(true)
    expect(bench.routed()).toEqual(['web.1', 'web.2'])
  })

  it('needs code', async () => {
    await bench.createApp('empty')
    const request = bench.call('createDyno', { parameters: { app: 'empty' }, body: { command: 'bash' } })
    await expect(request).rejects.toThrow('empty has no code to run yet; deploy it first.')
  })

  it('is one of a bounded number', async () => {
    for (let count = 0; count < limits.oneOffDynosPerApp; count++) await run({ command: 'work' })
    await expect(run({ command: 'work' })).rejects.toMatchObject({ id: 'invalid_params' })
    // A release phase is none of them.
    await bench.deploy({ web: 'listen', release: 'exit 0' })
    expect(await bench.releases()).toContain('v3 succeeded: Deploy 1a2b3c4d (current)')
  })
})

describe('a one-off dyno during a release', () => {
  /** Begins a release that is on its way until its web dyno listens. */
  const beginRelease = async () => {
    bench.runner.isListening = false
    await bench.setConfigVars({ GREETING: 'new' })
  }

  it('waits for it, and is of it', async () => {
    await beginRelease()
    let isAnswered = false
    const answer = run({ command: 'work' }).finally(() => (isAnswered = true))
    await settle()
    expect(isAnswered).toBe(false)
    bench.runner.listenNow()
    expect(await answer).toMatchObject({ release: { version: 3 } })
    expect(bench.runner.started.at(-1)?.environment.reveal()).toMatchObject({ GREETING: 'new' })
  })

  it('waits no longer than a client does, and is then of the one that serves', async () => {
    await beginRelease()
    const answer = run({ command: 'work' })
    await bench.clock.advance(40_000)
    expect(await answer).toMatchObject({ release: { version: 2 } })
    // That one has been on its way for long: who wants to look at what it does need not wait.
    expect(await run({ command: 'work' })).toMatchObject({ release: { version: 2 } })
  })

  it('that fails is of the one that serves', async () => {
    await beginRelease()
    const answer = run({ command: 'work' })
    await settle()
    bench.runner.end(bench.runner.idOf('web.1'), { status: 1 })
    expect(await answer).toMatchObject({ release: { version: 2 } })
  })
})

describe('a command inside a dyno', () => {
  it('is a one-off dyno with the other one in its environment, and ends with that one', async () => {
    const dyno = await inside('web.1', 'bash -l')
    expect(dyno).toMatchObject({ type: 'run', command: 'bash -l', size: 'standard', state: 'starting' })
    const attached = await open(dyno)
    const { spec } = bench.runner.processes.get(dyno.id) ?? {}
    expect(spec).toMatchObject({ dynoId: bench.runner.idOf('web.1'), name: dyno.name })
    expect(spec?.environment.reveal()).toMatchObject({ DYNO: 'web.1', HEROKU_RELEASE_VERSION: 'v2' })
    expect(bench.logs.lines.slice(-4)).toEqual([
      'api: Starting process with command `bash -l` inside web.1 by user ann@laptop',
      `${dyno.name}: Awaiting client`,
      `${dyno.name}: Starting process with command \`bash -l\` inside web.1`,
      `${dyno.name}: State changed from starting to up`,
    ])
    bench.runner.end(bench.runner.idOf('web.1'), { status: 1 })
    expect(await attached.exitCode).toBe(137)
    await settle()
    expect(bench.runner.list()).toEqual(['web.1: listen'])
  })

  it('is none of the formation, and routed to by nobody', async () => {
    await open(await inside('web.1'))
    await bench.scale([{ type: 'web', quantity: 1 }])
    expect(bench.routed()).toEqual(['web.1'])
  })

  it('waits for a dyno that is being started', async () => {
    bench.runner.isListening = false
    await bench.scale([{ type: 'web', quantity: 2 }])
    const answer = inside('web.2')
    await settle()
    bench.runner.listenNow()
    await open(await answer)
    expect(bench.runner.list()).toContainEqual(expect.stringMatching(/^run\.\d+: bash$/))
  })

  it('waits for a dyno whose process is not even there yet, and leaves it alone', async () => {
    const opening = Promise.withResolvers<void>()
    bench.slugs.opening = opening.promise
    await bench.scale([{ type: 'web', quantity: 2 }])
    const answer = inside('web.2')
    await settle()
    opening.resolve()
    await open(await answer)
    await bench.clock.advance(120_000)
    expect(await bench.dynos()).toContain('web.2 up v2')
  })

  it('says so when the dyno does not come up in time', async () => {
    bench.runner.isListening = false
    await bench.scale([{ type: 'web', quantity: 2 }])
    const answer = inside('web.2')
    answer.catch(() => undefined)
    await settle()
    await bench.clock.advance(40_000)
    await expect(answer).rejects.toThrow('web.2 is starting. Nothing runs inside of it until it is up')
  })

  it('is refused in words where the dyno crashed, or is none', async () => {
    const crash = () => bench.runner.end(bench.runner.idOf('web.1'), { status: 1 })
    crash()
    await settle()
    crash()
    await settle()
    const why = 'web.1 is crashed: it exited with status 1. Nothing runs inside of it until it is up'
    await expect(inside('web.1')).rejects.toMatchObject({ id: 'invalid_params', message: expect.stringContaining(why) })
    await expect(inside('web.9')).rejects.toMatchObject({ id: 'not_found' })
  })

  it('says so when its dyno has ended before its terminal is opened', async () => {
    const dyno = await inside('web.1')
    await bench.scale([{ type: 'web', quantity: 0 }])
    await expect(open(dyno)).rejects.toMatchObject({ id: 'gone' })
    expect(await bench.dynos()).toEqual([])
  })
})
