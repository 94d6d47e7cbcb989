import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ServerFile } from '../../../electron/core/servers/server-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-servers-'))
})
afterEach(() => rm(folder, { recursive: true }))

const open = () => ServerFile.open(join(folder, 'servers.json'), () => {})
const entry = (name: string) => ({ name, host: name, port: 22, user: 'root', hostKeys: [] })
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

test('changes made at once are all kept', async () => {
  const file = await open()
  await Promise.all(['a', 'b', 'c'].map((name) => file.add(entry(name))))
  expect(names(await open())).toEqual(['a', 'b', 'c'])
  expect(names(file)).toEqual(['a', 'b', 'c'])
})
