import { afterEach, beforeEach, expect, it } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { Bench, settle } from '../workbench.ts'

let bench: Bench
/** The package manager's turn, and what it makes of it. */
let installing: PromiseWithResolvers<void>
let installations: number
let version: string | null

beforeEach(async () => {
  installing = Promise.withResolvers()
  installations = 0
  version = null
  bench = new Bench()
  bench.containers = {
    async inspect() {
      if (version === null) throw new HearthError('invalid_params', 'Podman is not installed on this server.')
      return { version }
    },
    async install() {
      installations += 1
      await installing.promise
      version = '4.3'
    },
    readOutput: async () => (installations === 0 ? null : 'Setting up podman\n'),
  }
  await bench.start()
})
afterEach(() => bench.close())

const nothing = { parameters: {}, body: undefined }
const look = () => bench.call('getServerPodman', nothing)
const install = () => bench.call('installServerPodman', nothing)

it('a server without podman says so, and installs it once however many ask', async () => {
  expect(await look()).toEqual({
    state: 'missing',
    version: null,
    problem: 'Podman is not installed on this server.',
    output: null,
  })
  const [first] = await Promise.all([install(), install()])
  expect(first).toMatchObject({ state: 'installing', problem: null })
  expect(await look()).toMatchObject({ state: 'installing', output: 'Setting up podman\n' })
  installing.resolve()
  await settle()
  expect(await look()).toMatchObject({ state: 'ready', version: '4.3', problem: null })
  expect(await install()).toMatchObject({ state: 'ready' })
  expect(installations).toBe(1)
  expect(bench.events.filter(({ topic }) => topic === 'server')).toHaveLength(2)
})

it('an installation that fails says why, and can be tried again', async () => {
  await install()
  installing.reject(new HearthError('unavailable', 'The package manager could not install them.'))
  await settle()
  expect(await look()).toMatchObject({
    state: 'missing',
    problem: 'The package manager could not install them.',
    output: 'Setting up podman\n',
  })
  installing = Promise.withResolvers()
  expect(await install()).toMatchObject({ state: 'installing' })
  installing.resolve()
  await settle()
  expect(await look()).toMatchObject({ state: 'ready' })
})

it('this computer runs no containers, and installs nothing', async () => {
  bench.containers = null
  await bench.restart()
  expect(await install()).toMatchObject({ state: 'unavailable', problem: expect.stringContaining('Add a server') })
  expect(installations).toBe(0)
})
