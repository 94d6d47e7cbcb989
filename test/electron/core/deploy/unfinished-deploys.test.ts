import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../../../tooling/until.ts'
import { makeFolder } from '../make-folder.ts'
import { DeployWorld } from './deploy-world.ts'

let world: DeployWorld
let folder: string

beforeEach(async () => {
  world = await DeployWorld.open()
  folder = await makeFolder({ 'package.json': '{}', 'server.js': 'listen()' })
})
afterEach(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
  expect(world.problems).toEqual([])
})

const start = () => world.runner.start({ serverId: 'nas', app: 'shop', openSource: async () => ({ path: folder }) })
const find = (id: string) => world.runner.list().find((one) => one.id === id)
const noted = () => readdir(world.notes).catch(() => [])

async function outputOf(id: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of world.runner.output(id, new AbortController().signal)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

test('a deploy whose desktop ends during the build is found again under its name, with its whole output', async () => {
  const held = Promise.withResolvers<void>()
  world.bench.builder.working = held.promise
  const { id, startedAt } = start()
  await until(() => expect(find(id)?.stage).toBe('build'))
  await world.restartDesktop()
  expect(find(id)).toMatchObject({ state: 'running', startedAt, appName: 'shop', files: { total: 2, sent: 2 } })
  held.resolve()
  const ended = await world.runner.finished(id)
  expect(ended).toMatchObject({ state: 'succeeded', release: { version: 2 }, url: 'http://shop.localhost:8780' })
  expect(Object.keys(ended.stageMs)).toEqual(['scan', 'send', 'queue', 'build', 'release'])
  expect((await outputOf(id)).match(/Fake app detected/g)).toHaveLength(1)
  expect(await noted()).toEqual([])
})

test('one that the server has finished meanwhile is found with how it ended', async () => {
  const held = Promise.withResolvers<void>()
  world.bench.builder.working = held.promise
  world.bench.builder.processTypes = { web: 'exit 1' }
  const { id } = start()
  await until(() => expect(find(id)?.stage).toBe('build'))
  await world.runner.close()
  held.resolve()
  const releases = () => world.bench.call('listReleases', { parameters: { app: 'shop' }, body: undefined })
  await until(async () => expect((await releases()).at(-1)?.status).toBe('failed'))
  await world.restartDesktop()
  expect(await world.runner.finished(id)).toMatchObject({ state: 'failed', release: { version: 2 } })
  await world.restartDesktop()
  expect(world.runner.list()).toEqual([])
})

test('one whose source was not on the server yet has failed, and what was sent is not sent twice', async () => {
  const arrived = Promise.withResolvers<void>()
  world.sources.onBlob = () => {
    arrived.resolve()
    return new Promise(() => {})
  }
  const { id } = start()
  await arrived.promise
  // As a kill leaves it: the note of a process that is gone.
  const [name] = await noted()
  const path = join(world.notes, name ?? '')
  const gone = spawn('true')
  await once(gone, 'exit')
  const note = { ...JSON.parse(await readFile(path, 'utf8')), owner: { pid: gone.pid, started: '1' } }
  await world.runner.close()
  await writeFile(path, JSON.stringify(note))
  await world.restartDesktop()
  const ended = await world.runner.finished(id)
  expect(ended).toMatchObject({ state: 'failed', error: expect.stringContaining('Deploy again') })
  expect(await noted()).toEqual([])
})

test('a build that was begun in the moment of the end is found by its source', async () => {
  const held = Promise.withResolvers<void>()
  world.bench.builder.working = held.promise
  const { id } = start()
  await until(() => expect(find(id)?.stage).toBe('build'))
  await world.runner.close()
  const path = join(world.notes, `${id}.json`)
  const note = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...note, deploy: { ...note.deploy, stage: 'queue', build: null } }))
  await world.restartDesktop()
  held.resolve()
  expect(await world.runner.finished(id)).toMatchObject({ state: 'succeeded', release: { version: 2 } })
  const builds = await world.bench.call('listBuilds', { parameters: { app: 'shop' }, body: undefined })
  expect(builds).toHaveLength(1)
})

test('what another desktop is doing now is left to it', async () => {
  const held = Promise.withResolvers<void>()
  world.bench.builder.working = held.promise
  const { id } = start()
  await until(() => expect(find(id)?.stage).toBe('build'))
  const path = join(world.notes, `${id}.json`)
  const theirs = await readFile(path, 'utf8')
  await world.runner.close()
  await writeFile(path, theirs)
  await world.restartDesktop()
  expect(world.runner.list()).toEqual([])
  expect(await noted()).toEqual([`${id}.json`])
  held.resolve()
})
