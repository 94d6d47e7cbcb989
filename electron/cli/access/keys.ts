import { resolve } from 'node:path'
import { readPublicKeyFile } from '../../core/access/public-key.ts'
import type { Agent } from '../../core/ports/agent.ts'
import { type Call, type Command, serverOption } from '../command.ts'
import { formatMoment, renderTable } from '../table.ts'

const list: Command = {
  name: 'keys',
  summary: 'your own SSH keys on a server; any of them lets you in',
  options: serverOption,
  async run(call) {
    const { agent } = await findServer(call)
    const keys = await agent.call('listKeys', {})
    const rows = keys.map(({ fingerprint, comment, created_at: since }) => [
      fingerprint,
      comment || '-',
      formatMoment(since),
    ])
    return { data: keys, text: renderTable(['fingerprint', 'comment', 'since'], rows, 'You came by no key.') }
  },
}

const add: Command = {
  name: 'keys add',
  parameters: 'FILE.pub',
  summary: 'another key of yours, of another computer say',
  options: serverOption,
  words: [1, 1],
  async run(call) {
    const publicKey = await readPublicKeyFile(resolve(call.directory, call.words[0] ?? ''))
    const { agent, name } = await findServer(call)
    const key = await agent.call('createKey', {}, { public_key: publicKey })
    return { data: key, text: `${key.fingerprint} lets you in to ${name}.\n` }
  },
}

const remove: Command = {
  name: 'keys remove',
  parameters: 'FINGERPRINT',
  summary: 'takes a key of yours out; what was open by it ends',
  options: serverOption,
  words: [1, 1],
  async run(call) {
    const { agent, name } = await findServer(call)
    const key = await agent.call('destroyKey', { key: call.words[0] ?? '' })
    return { data: key, text: `${key.fingerprint} opens ${name} no more.\n` }
  },
}

async function findServer({ values, session: open }: Call): Promise<{ agent: Agent; name: string }> {
  const session = await open()
  const { id, name } = session.server(values.text('server'))
  return { agent: await session.agent(id), name }
}

export const keyCommands: readonly Command[] = [list, add, remove]
