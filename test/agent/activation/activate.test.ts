import { mkdir, mkdtemp, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { activate } from '../../../agent/activation/activate.ts'
import { waitUntilHealthy } from '../../../agent/activation/check-health.ts'

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'hearth-activate-'))
  for (const version of ['1', '2']) await mkdir(join(base, 'versions', version), { recursive: true })
})
afterEach(() => rm(base, { recursive: true }))

const current = () => readlink(join(base, 'current'))

/** Restarts by noting what would run; versions in `broken` never become healthy. */
function machine(broken: string[] = []) {
  const started: string[] = []
  return {
    started,
    restart: async () => void started.push((await current()).replace('versions/', '')),
    checkHealth: async () => {
      if (broken.includes(started.at(-1) ?? '')) throw new Error('It did not start.')
    },
  }
}

test('a healthy version becomes the current one', async () => {
  const { started, ...rest } = machine()
  expect(await activate({ base, version: '1', ...rest })).toEqual({ version: '1', state: 'active', message: null })
  expect((await activate({ base, version: '2', ...rest })).state).toBe('active')
  expect(await current()).toBe('versions/2')
  expect(started).toEqual(['1', '2'])
})

test('an unhealthy version gives way to the one before', async () => {
  const { started, ...rest } = machine(['2'])
  await activate({ base, version: '1', ...rest })
  expect(await activate({ base, version: '2', ...rest })).toEqual({
    version: '1',
    state: 'went-back',
    message: 'It did not start.',
  })
  expect(await current()).toBe('versions/1')
  expect(started).toEqual(['1', '2', '1'])
})

test('the first version has nothing to go back to and says why it failed', async () => {
  const result = await activate({ base, version: '1', ...machine(['1']) })
  expect(result).toEqual({ version: '1', state: 'failed', message: 'It did not start.' })
})

test('a name that leads elsewhere is no version', async () => {
  expect((await activate({ base, version: '../../etc', ...machine() })).state).toBe('failed')
  await expect(current()).rejects.toThrow('ENOENT')
})

test('an agent that ends again and again is given up long before its time is over', async () => {
  let restarts = 7 // Of earlier days: they say nothing about this one.
  const waiting = waitUntilHealthy({
    socketPath: join(base, 'nobody.sock'),
    token: async () => 'token',
    timeoutMs: 3_600_000,
    countRestarts: async () => restarts++,
  })
  await expect(waiting).rejects.toThrow('The agent ended 4 times right after its start.')
})
