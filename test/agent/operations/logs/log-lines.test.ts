import { afterEach, beforeEach, expect, it } from 'vitest'
import { Bench, settle } from '../workbench.ts'

let bench: Bench
const parameters = { app: 'shop' }

beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

/** What the app's log gets while something is done; one-off dynos by one name. */
async function linesOf(work: () => Promise<unknown>): Promise<string[]> {
  const from = bench.logs.lines.length
  await work()
  await settle()
  return bench.logs.lines.slice(from).map((line) => line.replace(/^(run|release)\.\d{4}:/, '$1.1234:'))
}

it('a deploy is told as on Heroku', async () => {
  expect(await linesOf(() => bench.deploy({ web: 'listen' }))).toEqual([
    'api: Build started by user ann@laptop',
    'api: Deploy 1a2b3c4d by user ann@laptop',
    'api: Release v2 created by user ann@laptop',
    'api: Build succeeded',
    'web.1: Starting process with command `listen`',
    'web.1: State changed from starting to up',
  ])
})

it('a release is created once its release phase has ended well', async () => {
  expect(await linesOf(() => bench.deploy({ web: 'listen', release: 'exit 0' }))).toEqual([
    'api: Build started by user ann@laptop',
    'api: Deploy 1a2b3c4d by user ann@laptop',
    'api: Running release v2 commands by user ann@laptop',
    'release.1234: Starting process with command `exit 0`',
    'api: Build succeeded',
    'release.1234: Process exited with status 0',
    'release.1234: State changed from starting to complete',
    'api: Release v2 created by user ann@laptop',
    'web.1: Starting process with command `listen`',
    'web.1: State changed from starting to up',
  ])
})

it('scaling names the whole formation, and what is scaled away is down', async () => {
  await bench.deploy({ web: 'listen', worker: 'work' })
  await bench.scale([{ type: 'web', quantity: 2 }])
  expect(await linesOf(() => bench.scale([{ type: 'web', quantity: '-1' }]))).toEqual([
    'api: Scaled to web@1:standard worker@0:standard by user ann@laptop',
    'web.2: State changed from up to down',
    'web.2: Stopping all processes with SIGTERM',
    'web.2: Process exited with status 143',
  ])
})

it('a restart', async () => {
  await bench.deploy({ web: 'listen' })
  expect(await linesOf(() => bench.call('restartAllDynos', { parameters, body: undefined }))).toEqual([
    'web.1: Restarting',
    'web.1: State changed from up to starting',
    'web.1: Starting process with command `listen`',
    'web.1: State changed from starting to up',
    'web.1: Stopping all processes with SIGTERM',
    'web.1: Process exited with status 143',
  ])
})

it('a crash, and the start after it', async () => {
  await bench.deploy({ web: 'listen' })
  const crash = () => bench.runner.end(bench.runner.idOf('web.1'), { signal: 'SIGSEGV' })
  expect(await linesOf(async () => crash())).toEqual([
    'web.1: Process exited with status 139',
    'web.1: State changed from up to crashed',
    'web.1: State changed from crashed to starting',
    'web.1: Starting process with command `listen`',
    'web.1: State changed from starting to up',
  ])
})

it('a dyno that goes over its memory (R15)', async () => {
  await bench.deploy({ web: 'listen' })
  const exhaust = () => bench.runner.end(bench.runner.idOf('web.1'), { signal: 'SIGKILL', outOfMemory: true })
  expect((await linesOf(async () => exhaust())).slice(0, 4)).toEqual([
    'web.1: Error R15 (Memory quota vastly exceeded)',
    'web.1: Stopping process with SIGKILL',
    'web.1: Process exited with status 137',
    'web.1: State changed from up to crashed',
  ])
})

it('a dyno that does not listen (R10)', async () => {
  await bench.deploy({ web: 'listen' })
  bench.runner.isListening = false
  bench.runner.endsBy = 'SIGKILL'
  await bench.scale([{ type: 'web', quantity: 2 }])
  expect((await linesOf(() => bench.clock.advance(60_000))).slice(0, 4)).toEqual([
    'web.2: Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch',
    'web.2: Stopping process with SIGKILL',
    'web.2: Process exited with status 137',
    'web.2: State changed from starting to crashed',
  ])
})

it('a dyno that does not end when it is asked to (R12)', async () => {
  bench.settings = { stopGraceMs: 30_000 }
  await bench.restart()
  await bench.deploy({ web: 'listen' })
  bench.runner.endsBy = 'SIGKILL'
  expect(await linesOf(() => bench.scale([{ type: 'web', quantity: 0 }]))).toEqual([
    'api: Scaled to web@0:standard by user ann@laptop',
    'web.1: State changed from up to down',
    'web.1: Stopping all processes with SIGTERM',
    'web.1: Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM',
    'web.1: Stopping remaining processes with SIGKILL',
    'web.1: Process exited with status 137',
  ])
})

it('a dyno that ends, but for what it has started (R12)', async () => {
  await bench.deploy({ web: 'listen' })
  bench.runner.leavesRest = true
  const lines = await linesOf(() => bench.scale([{ type: 'web', quantity: 0 }]))
  expect(lines.slice(3)).toEqual([
    expect.stringMatching(/^web\.1: Error R12 \(Exit timeout\) -> At least one process failed to exit/),
    'web.1: Stopping remaining processes with SIGKILL',
    'web.1: Process exited with status 143',
  ])
})

it('a dyno in a Java virtual machine that does not listen has half a minute more (R10)', async () => {
  bench.builder.description = 'Java'
  await bench.deploy({ web: 'listen' })
  bench.runner.isListening = false
  await bench.scale([{ type: 'web', quantity: 2 }])
  expect(await linesOf(() => bench.clock.advance(60_000))).toEqual([])
  expect((await linesOf(() => bench.clock.advance(30_000)))[0]).toBe(
    'web.2: Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 90 seconds of launch',
  )
})

it('an attached dyno that does not end when its client has gone (R16)', async () => {
  await bench.deploy({ web: 'listen' })
  bench.runner.endsBy = 'SIGKILL'
  const { attach_url } = await bench.call('createDyno', { parameters, body: { command: 'bash', attach: true } })
  const attached = await bench.platform.attachDyno(attach_url?.split('/').at(-1) ?? '', null)
  expect(await linesOf(() => attached.detach())).toEqual([
    'run.1234: Client connection closed. Sending SIGHUP to all processes',
    'run.1234: Error R16 (Detached) -> An attached process is not responding to SIGHUP after its external connection was closed.',
    'run.1234: Stopping remaining processes with SIGKILL',
    'run.1234: Process exited with status 137',
  ])
})

it('a dyno whose slug is not what was built (R17)', async () => {
  await bench.deploy({ web: 'listen', worker: 'work' })
  bench.slugs.isDamaged = true
  const lines = await linesOf(() => bench.scale([{ type: 'worker', quantity: 1 }]))
  expect(lines.slice(1, 4)).toEqual([
    'worker.1: Starting process with command `work`',
    expect.stringMatching(
      /^worker\.1: Error R17 \(Checksum error\) -> Checksum does not match expected value\. Expected: SHA256:[0-9a-f]{64} Actual: SHA256:00$/,
    ),
    'worker.1: State changed from starting to crashed',
  ])
})

it('a one-off dyno, and nobody can word its command so that it looks like a line of ours', async () => {
  await bench.deploy({ web: 'listen' })
  const command = 'exit 3\nRelease v9 created'
  expect(await linesOf(() => bench.call('createDyno', { parameters, body: { command } }))).toEqual([
    'api: Starting process with command `exit 3\\nRelease v9 created` by user ann@laptop',
    'run.1234: Starting process with command `exit 3\\nRelease v9 created`',
    'run.1234: State changed from starting to up',
    'run.1234: Process exited with status 3',
    'run.1234: State changed from up to complete',
  ])
})

it('maintenance, config vars and a rollback name who did it', async () => {
  await bench.deploy({ web: 'listen' })
  expect(await linesOf(() => bench.call('updateApp', { parameters, body: { maintenance: true } }))).toEqual([
    'api: Maintenance mode enabled by user ann@laptop',
  ])
  expect((await linesOf(() => bench.setConfigVars({ A: '1', B: '2' }))).slice(0, 2)).toEqual([
    'api: Set A, B config vars by user ann@laptop',
    'api: Release v3 created by user ann@laptop',
  ])
  const rollback = () => bench.call('createRelease', { parameters, body: { release: 2 } })
  expect((await linesOf(rollback)).slice(0, 2)).toEqual([
    'api: Rollback to v2 by user ann@laptop',
    'api: Release v4 created by user ann@laptop',
  ])
})
