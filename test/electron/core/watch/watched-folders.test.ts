import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HearthError } from '../../../../agent/contract/errors.ts'
import { FolderHashes } from '../../../../electron/core/folder/folder-hash.ts'
import { WatchedFolders } from '../../../../electron/core/watch/watched-folders.ts'
import { eventually } from '../../../servers/eventually.ts'
import { DeployWorld } from '../deploy/deploy-world.ts'
import { makeFolder, writeFiles } from '../make-folder.ts'

let world: DeployWorld
let folder: string
let home: string
let watched: WatchedFolders
let isOnline: boolean

beforeEach(async () => {
  world = await DeployWorld.open()
  folder = await makeFolder({ 'package.json': '{}', 'server.js': 'one' })
  home = await mkdtemp(join(tmpdir(), 'hearth-watch-'))
  isOnline = true
  await world.bench.createApp('shop')
  watched = await open()
})
afterEach(async () => {
  await watched.close()
  await world.close()
  for (const each of [folder, home]) await rm(each, { recursive: true })
  expect(world.problems).toEqual([])
})

async function open(): Promise<WatchedFolders> {
  const folders = new WatchedFolders({
    file: join(home, 'watched.json'),
    servers: { names: () => [{ id: 'nas', name: 'nas', isOnline }], agent: () => world.agent },
    deploys: world.runner,
    hashes: new FolderHashes(join(home, 'hashes')),
    changes: world.changes,
    onError: (_message, error) => world.problems.push(error),
    timings: { pollMs: 10, quietMs: 60, partialMs: 2_000 },
  })
  await folders.open()
  return folders
}

const turn = (isOn: boolean) => watched.set({ serverId: 'nas', app: 'shop', path: folder, isOn })
const view = () => watched.get('nas', 'shop')
const deploys = () => world.runner.list().length
const until = (condition: () => boolean, what: string) => eventually(condition, 20_000, `never: ${what}`)
const deployed = (version: number) => until(() => view()?.last?.version === version, `v${version}`)
const settled = () => until(() => view()?.state === 'watching', 'watching')

test('a change is deployed once it is quiet; what was there before, or is only touched, is not', async () => {
  expect(view()).toBeNull()
  await turn(true)
  await settled()
  await utimes(join(folder, 'server.js'), new Date(), new Date(0))
  await until(() => view()?.state === 'settling', 'settling')
  await settled()
  expect(deploys()).toBe(0)
  await writeFiles(folder, { 'server.js': 'two' })
  await deployed(2)
  expect(world.sources.content).toMatchObject({ 'server.js': 'two' })
  expect(view()).toMatchObject({ isOn: true, last: { state: 'succeeded', error: null } })
  await turn(false)
  expect(view()).toMatchObject({ isOn: false, state: 'off', last: { version: 2 } })
})

test('what changes during a deploy is deployed after it, and only its newest content', async () => {
  await turn(true)
  const held = Promise.withResolvers<void>()
  world.bench.builder.working = held.promise
  await writeFiles(folder, { 'server.js': 'two' })
  await until(() => world.runner.list()[0]?.stage === 'build', 'a build')
  await writeFiles(folder, { 'server.js': 'three' })
  await writeFiles(folder, { 'server.js': 'four' })
  held.resolve()
  await deployed(3)
  await settled()
  expect(world.sources.content).toMatchObject({ 'server.js': 'four' })
  expect(deploys()).toBe(2)
})

test('a deploy that somebody else has started is waited for', async () => {
  await turn(true)
  const held = Promise.withResolvers<void>()
  world.bench.builder.working = held.promise
  world.runner.start({ serverId: 'nas', app: 'shop', openSource: async () => ({ path: folder }) })
  await until(() => world.runner.list()[0]?.stage === 'build', 'a build')
  await writeFiles(folder, { 'server.js': 'two' })
  await until(() => view()?.obstacle === 'Another deploy of this app is under way.', 'waiting')
  held.resolve()
  await deployed(3)
})

test('files that a sync tool has half received hold a deploy up and never travel', async () => {
  await turn(true)
  await writeFiles(folder, {
    'server.js': 'two',
    '.syncthing.hero.jpg.tmp': 'half',
    'notes.sync-conflict-20260101-101010-ABCDEFG.txt': 'other',
    '.stfolder/marker': '',
    '~$report.docx': '',
    'video.mp4.part': 'half',
  })
  await until(() => view()?.state === 'settling', 'settling')
  await Promise.all(
    ['.syncthing.hero.jpg.tmp', '~$report.docx', 'video.mp4.part'].map((name) => rm(join(folder, name))),
  )
  await deployed(2)
  expect(Object.keys(world.sources.content).sort()).toEqual(['package.json', 'server.js'])
})

test('a build that fails is not tried again before the next change, a restart in between included', async () => {
  await turn(true)
  world.bench.builder.failure = new HearthError('build_failed', 'broken')
  await writeFiles(folder, { 'server.js': 'broken' })
  await until(() => view()?.last?.state === 'failed', 'a failure')
  await settled()
  await watched.close()
  watched = await open()
  await settled()
  expect(deploys()).toBe(1)
  world.bench.builder.failure = null
  await writeFiles(folder, { 'server.js': 'mended' })
  await deployed(2)
})

test('a change while Hearth is not running is deployed at its next start', async () => {
  await turn(true)
  await settled()
  await watched.close()
  await writeFiles(folder, { 'server.js': 'two' })
  expect(deploys()).toBe(0)
  watched = await open()
  await deployed(2)
})

test('while the server is away, or the folder, it says so and goes on when they are back', async () => {
  await turn(true)
  isOnline = false
  await writeFiles(folder, { 'server.js': 'two' })
  await until(() => /nas is away/.test(view()?.obstacle ?? ''), 'away')
  isOnline = true
  await deployed(2)
  await rm(folder, { recursive: true })
  await until(() => /There is no folder/.test(view()?.obstacle ?? ''), 'gone')
  await writeFiles(folder, { 'server.js': 'three' })
  await deployed(3)
})

test('an app that is gone switches it off instead of being made again', async () => {
  await turn(true)
  await world.agent.call('destroyApp', { app: 'shop' })
  await writeFiles(folder, { 'server.js': 'two' })
  await until(() => view()?.isOn === false, 'off')
  expect(view()?.last).toMatchObject({ state: 'failed', error: 'shop is gone from the server.' })
  expect(await world.agent.call('listApps', {})).toEqual([])
})
