import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../agent/contract/errors.ts'
import { exportSettings, type ImportPlan, importSettings, planImport } from '../core/settings-transfer.ts'
import type { Command } from './command.ts'
import { writeNewFile } from './write-new-file.ts'

const exporting: Command = {
  name: 'settings export',
  parameters: '[FILE]',
  summary: "this desktop's switches, pins and names of servers as a file for another; never a key",
  words: [0, 1],
  async run({ words, directory, console, session: open }) {
    const { core } = await open()
    const text = exportSettings(core.settings.settings, core.servers.list())
    const [name] = words
    if (name === undefined) {
      await console.write(text)
      return undefined
    }
    const target = path.resolve(directory, name)
    await writeNewFile(target, text)
    return { data: { path: target }, text: `Saved as ${target}.\n` }
  },
}

const importing: Command = {
  name: 'settings import',
  parameters: 'FILE',
  summary: 'takes over such a file, also beside an open window; adds no server, whose key somebody must confirm',
  options: { apply: { type: 'boolean', summary: 'do it; without this it is only shown' } },
  words: [1, 1],
  async run({ words: [name = ''], values, directory, session: open }) {
    const { core } = await open()
    const text = await read(path.resolve(directory, name))
    const isApplied = values.has('apply')
    const plan = isApplied
      ? await importSettings(text, core)
      : planImport(text, core.settings.settings, core.servers.list())
    return { data: { ...plan, applied: isApplied }, text: describe(plan, isApplied) }
  },
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new HearthError('not_found', `Could not read ${file}: ${cause.message}.`, { cause })
  })
}

function describe({ settings, pins, renames, unknownServers }: ImportPlan, isApplied: boolean): string {
  const changes = [
    ...settings.map(({ name, from, to }) => `${name}: ${from} -> ${to}`),
    ...pins.map(({ appId }) => `pin app ${appId}`),
    ...renames.map(({ from, to }) => `server ${from} -> ${to}`),
  ]
  const lines = [
    ...changes,
    ...(changes.length === 0 ? ['Everything is as in the file.'] : []),
    ...unknownServers.map(({ name, address }) => `Not known here: ${name} (${address}). Add it: hearth add`),
    ...(changes.length > 0 ? [isApplied ? 'Done.' : 'Nothing was changed yet. Say --apply to do it.'] : []),
  ]
  return `${lines.join('\n')}\n`
}

export const settingsCommands: readonly Command[] = [exporting, importing]
