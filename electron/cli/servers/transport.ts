import { HearthError } from '../../../agent/contract/errors.ts'
import type { TransportKind } from '../../core/ports/transport.ts'
import type { Command, CommandOptions, Values } from '../command.ts'

export const transportOption: CommandOptions = {
  transport: {
    type: 'string',
    placeholder: 'ssh2|system',
    summary: "the SSH inside Hearth, or this computer's ssh with its ~/.ssh/config; by default what the server needs",
  },
}

export function readTransport(values: Values): TransportKind | undefined {
  const word = values.text('transport')
  return word === undefined ? undefined : parseTransport(word)
}

function parseTransport(word: string): TransportKind {
  if (word === 'ssh2' || word === 'system') return word
  throw new HearthError('bad_request', `"${word}" is no way to connect. There are: ssh2, system.`)
}

/** What the user can do about a login that the SSH inside Hearth can't make. */
export function withTransportHint(error: unknown, server: string): unknown {
  if (!(error instanceof HearthError) || error.id !== 'needs_system_ssh') return error
  return new HearthError(error.id, `${error.message} This computer's ssh may: hearth transport "${server}" system`, {
    cause: error,
  })
}

const names: Record<TransportKind, string> = { ssh2: 'the SSH inside Hearth', system: "this computer's ssh" }

const transport: Command = {
  name: 'transport',
  parameters: 'SERVER [ssh2|system]',
  summary: "how a server is connected to: shown, or changed to the SSH inside Hearth or this computer's ssh",
  words: [1, 2],
  async run({ words: [name, wanted], session: open }) {
    const session = await open()
    const known = session.server(name)
    if (known.transport === null)
      throw new HearthError('bad_request', `${known.name} is not connected to by SSH: there is nothing to choose.`)
    const { servers } = session.core
    const { id } = known
    const server = wanted === undefined ? known : await servers.chooseTransport(id, parseTransport(wanted))
    const { reason } = await servers.describeSystemSsh(id)
    const text = `${server.name} is connected to by ${names[server.transport ?? 'ssh2']}.\n`
    const hint = server.transport === 'ssh2' && reason !== null ? `${reason} Only "system" follows that.\n` : ''
    return { data: { server: id, transport: server.transport, reason }, text: text + hint }
  },
}

export const transportCommands: readonly Command[] = [transport]
