import path from 'node:path'
import { nameDiagnostics, packDiagnostics } from '../core/diagnostics/pack-diagnostics.ts'
import type { Command } from './command.ts'
import { formatBytes, renderTable } from './table.ts'
import { writeNewFile } from './write-new-file.ts'

const diagnostics: Command = {
  name: 'diagnostics',
  parameters: '[FILE]',
  summary: 'saves versions, settings, logs and the health of all servers in one tar.gz, without secrets',
  options: { list: { type: 'boolean', summary: 'only says what would be in it' } },
  words: [0, 1],
  async run({ words, values, directory, session: open }) {
    const session = await open()
    // Each tells what it can; one that is away is told as such.
    await Promise.allSettled(session.core.servers.list().map(({ id }) => session.agent(id)))
    const files = await session.core.collectDiagnostics()
    const rows = files.map(({ name, text }) => [name, formatBytes(Buffer.byteLength(text))])
    const table = renderTable(['file', 'size'], rows, '')
    const data = { files: files.map(({ name, text }) => ({ name, sizeBytes: Buffer.byteLength(text) })) }
    if (values.has('list')) return { data, text: table }
    const name = nameDiagnostics(new Date())
    const target = path.resolve(directory, words[0] ?? `${name}.tar.gz`)
    await writeNewFile(target, await packDiagnostics(files, name))
    return {
      data: { ...data, path: target },
      text: `${table}\nSaved as ${target}. Look through it before you pass it on.\n`,
    }
  },
}

export const diagnosticsCommands: readonly Command[] = [diagnostics]
