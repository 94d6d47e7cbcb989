import path from 'node:path'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { SshAuthentication } from '../../core/ports/transport.ts'
import type { ServerView } from '../../core/servers/servers.ts'
import type { Call, CommandOptions } from '../command.ts'

/** How an installation logs in; afterwards the desktop has a key of its own. */
export interface Login {
  readonly authentication: SshAuthentication
  readonly sudoPassword: string | undefined
}

export const loginOptions: CommandOptions = {
  key: {
    type: 'string',
    placeholder: 'FILE',
    summary: 'the private key to log in with; else as the last time, else the ssh-agent, else ~/.ssh',
  },
  'password-stdin': {
    type: 'boolean',
    summary: 'reads the password from standard input: for the login and sudo, with --key for sudo alone',
  },
}

/** A password comes by standard input only: a command line can be read by everybody on the machine. */
export async function readLogin(call: Call, server: Pick<ServerView, 'transport' | 'login'>): Promise<Login> {
  const { values, console, directory } = call
  const key = values.text('key')
  const password = values.has('password-stdin') ? (await console.readAll()).replace(/\r?\n$/, '') : undefined
  if (password === '') throw new HearthError('bad_request', '--password-stdin: there was nothing to read.')
  if (key !== undefined) {
    return { authentication: { kind: 'key', path: path.resolve(directory, key) }, sudoPassword: password }
  }
  if (password !== undefined) return { authentication: { kind: 'password', password }, sudoPassword: password }
  return { authentication: await ownIdentity(call, server), sudoPassword: undefined }
}

async function ownIdentity(
  { session }: Call,
  { transport, login }: Pick<ServerView, 'transport' | 'login'>,
): Promise<SshAuthentication> {
  if (login !== null) return login
  // ssh finds its keys by itself: those of the agent, of the configuration and of hardware.
  if (transport === 'system') return { kind: 'agent' }
  const { core } = await session()
  if (core.config.sshAgentSocket !== null) return { kind: 'agent' }
  const [key] = (await core.sshChoices()).keys
  if (key !== undefined) return { kind: 'key', path: key }
  throw new HearthError('bad_request', 'How to log in? Say --key FILE, or give the password with --password-stdin.')
}
