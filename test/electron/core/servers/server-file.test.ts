import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Changes } from '../../../../electron/core/changes.ts'
import { ServerFile } from '../../../../electron/core/servers/server-file.ts'
import { Servers } from '../../../../electron/core/servers/servers.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-servers-'))
})
afterEach(() => rm(folder, { recursive: true }))

const open = () => ServerFile.open(join(folder, 'servers.json'), () => {})
const entry = (name: string) => ({
  name,
  host: name,
  port: 22,
  user: 'root',
  transport: 'ssh2' as const,
  hostKeys: [],
  login: null,
})
const names = (file: ServerFile) => file.entries.map(({ name }) => name)

test('servers are remembered, changed and forgotten', async () => {
  const file = await open()
  const nas = await file.add(entry('nas'))
  const pi = await file.add(entry('pi'))
  await file.update(nas.id, { name: 'box' })
  await file.remove(pi.id)
  expect(names(await open())).toEqual(['box'])
})

test('a server that the command line added is not undone by a desktop that runs', async () => {
  const [desktop, commandLine] = [await open(), await open()]
  await desktop.add(entry('nas'))
  await commandLine.add(entry('pi'))
  await desktop.add(entry('vps'))
  expect(names(await open())).toEqual(['nas', 'pi', 'vps'])
})

test('a server that the command line adds, renames or forgets is so in a desktop that runs, without a restart', async () => {
  const stop = new AbortController()
  const options = { file: await open(), changes: new Changes(), embedded: null, ownAgent: null }
  // Nothing is reached: what is looked at is the list.
  const linkTo = () => ({ connect: () => new Promise<never>(() => {}), close: async () => {} })
  const servers = new Servers({ ...options, linkTo, connectors: {}, systemSsh: {}, onConnected: () => {} } as never)
  servers.open('on demand')
  servers.follow(stop.signal)
  const shown = () => servers.list().map(({ name }) => name)
  const commandLine = await open()
  const nas = await commandLine.add(entry('nas'))
  await vi.waitFor(() => expect(shown()).toEqual(['nas']), 10_000)
  await commandLine.update(nas.id, { name: 'box' })
  await vi.waitFor(() => expect(shown()).toEqual(['box']), 10_000)
  await commandLine.remove(nas.id)
  await vi.waitFor(() => expect(shown()).toEqual([]), 10_000)
  stop.abort()
  await servers.close()
})

test('a file of before there was a choice of transports is read as it was meant', async () => {
  const { transport: _, login: __, ...before } = entry('nas')
  await writeFile(join(folder, 'servers.json'), JSON.stringify({ servers: [{ id: '1', ...before }] }))
  expect((await open()).entries).toEqual([{ id: '1', ...entry('nas') }])
})

test('changes made at once are all kept', async () => {
  const file = await open()
  await Promise.all(['a', 'b', 'c'].map((name) => file.add(entry(name))))
  expect(names(await open())).toEqual(['a', 'b', 'c'])
  expect(names(file)).toEqual(['a', 'b', 'c'])
})
