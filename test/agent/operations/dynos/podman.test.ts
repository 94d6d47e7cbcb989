import { afterEach, beforeEach, expect, it } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { Bench, settle } from '../workbench.ts'

const parameters = { app: 'shop' }
let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
  await bench.deploy({ web: 'listen' })
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

const choose = (podman: boolean) => bench.call('updateDynoSettings', { parameters, body: { podman } })
const places = () =>
  [...bench.runner.processes.values()].map(({ spec }) => `${spec.name} ${'tree' in spec && spec.usesPodman}`).sort()

it('dynos run as the server runs them, as long as nobody says otherwise', async () => {
  expect(await bench.call('getDynoSettings', { parameters, body: undefined })).toMatchObject({ podman: false })
  expect(places()).toEqual(['web.1 false'])
})

it('an app that chooses podman has its dynos replaced, new ones first, and all later ones in it', async () => {
  const before = bench.runner.idOf('web.1')
  const stopped: boolean[] = []
  bench.runner.onStop = () => stopped.push(places().includes('web.1 true'))
  expect(await choose(true)).toMatchObject({ podman: true })
  await settle()
  expect(places()).toEqual(['web.1 true'])
  expect(bench.runner.idOf('web.1')).not.toBe(before)
  expect(stopped).toEqual([true])
  expect(bench.logs.lines.join('\n')).toContain('Podman enabled')
  await bench.deploy({ web: 'listen' })
  expect(places()).toEqual(['web.1 true'])
  await choose(false)
  await settle()
  expect(places()).toEqual(['web.1 false'])
})

it('where podman can’t run them nothing changes, and the answer says what to do', async () => {
  bench.runner.podmanFailure = new HearthError('invalid_params', 'Podman is not installed on this server. Install it.')
  await expect(choose(true)).rejects.toThrow('Install it.')
  expect(await bench.call('getDynoSettings', { parameters, body: undefined })).toMatchObject({ podman: false })
  // And leaving it is always possible, also without podman.
  await choose(false)
  expect(places()).toEqual(['web.1 false'])
})

it('a choice that is made already replaces nothing', async () => {
  const before = bench.runner.idOf('web.1')
  await choose(false)
  await settle()
  expect(bench.runner.idOf('web.1')).toBe(before)
})

it('an app asleep sleeps on, and wakes in podman', async () => {
  await bench.call('updateDynoSettings', { parameters, body: { sleep_after_seconds: 60 } })
  for (const durationMs of [5000, 120_000, 5000]) await bench.clock.advance(durationMs)
  expect(places()).toEqual([])
  await choose(true)
  await settle()
  expect(places()).toEqual([])
  bench.router.ask('shop')
  await settle()
  expect(places()).toEqual(['web.1 true'])
})
