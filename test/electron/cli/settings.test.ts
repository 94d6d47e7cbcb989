import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Values } from '../../../electron/cli/command.ts'
import { settingsCommands } from '../../../electron/cli/settings.ts'
import { SettingsStore } from '../../../electron/core/settings.ts'
import type { NamedServer } from '../../../electron/core/settings-transfer.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-settings-'))
})
afterEach(() => rm(folder, { recursive: true }))

const server = (id: string, name: string, host: string): NamedServer => ({
  ...{ id, kind: 'ssh', name, host, port: 22, user: 'root' },
})

/** A desktop with settings in a file of its own. */
async function openDesktop(name: string, servers: NamedServer[]) {
  const settings = await SettingsStore.open(join(folder, `${name}.json`), () => undefined)
  const written: string[] = []
  const rename = async (id: string, to: string) => {
    servers = servers.map((each) => (each.id === id ? { ...each, name: to } : each))
  }
  const core = { settings, servers: { list: () => servers, rename }, changes: { emit: () => undefined } }
  const run = async (command: string, words: string[], options: Record<string, boolean> = {}) => {
    const found = settingsCommands.find((each) => each.name === `settings ${command}`)
    const console = { write: async (text: string) => void written.push(text) }
    const answer = await found?.run({
      ...{ words, values: new Values(options), console, directory: folder, signal: new AbortController().signal },
      ...{ leaveInterrupts: () => undefined, session: async () => ({ core }) },
    } as never)
    return answer?.text ?? written.join('')
  }
  return { settings, run, names: () => servers.map((each) => each.name) }
}

test('what one desktop exports another shows first, and takes over when told to', async () => {
  const here = await openDesktop('here', [server('a', 'atlas', 'atlas.test'), server('b', 'new', 'new.test')])
  await here.settings.update({ theme: 'dark', pinnedApps: [{ serverId: 'a', appId: 'shop' }] })
  expect(await here.run('export', ['out.json'])).toBe(`Saved as ${join(folder, 'out.json')}.\n`)
  expect((await stat(join(folder, 'out.json'))).mode & 0o777).toBe(0o600)
  expect(await here.run('export', [])).toBe(await readFile(join(folder, 'out.json'), 'utf8'))
  const there = await openDesktop('there', [server('z', 'mountain', 'atlas.test')])
  const changes = 'theme: system -> dark\npin app shop\nserver mountain -> atlas\n'
  const unknown = 'Not known here: new (root@new.test:22). Add it: hearth add\n'
  const shown = await there.run('import', ['out.json'])
  expect(shown).toBe(`${changes}${unknown}Nothing was changed yet. Say --apply to do it.\n`)
  expect(there.settings.settings.theme).toBe('system')
  expect(await there.run('import', ['out.json'], { apply: true })).toBe(`${changes}${unknown}Done.\n`)
  expect(there.settings.settings).toMatchObject({ theme: 'dark', pinnedApps: [{ serverId: 'z', appId: 'shop' }] })
  expect(there.names()).toEqual(['atlas'])
  expect(await there.run('import', ['out.json'])).toBe(`Everything is as in the file.\n${unknown}`)
})

test('an export is never written over a file, and an import says which file it can’t read', async () => {
  const { run } = await openDesktop('here', [])
  await run('export', ['out.json'])
  await expect(run('export', ['out.json'])).rejects.toThrow('it is there already')
  await expect(run('import', ['none.json'])).rejects.toThrow(`Could not read ${join(folder, 'none.json')}`)
})
