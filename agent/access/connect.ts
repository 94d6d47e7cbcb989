import { readFile } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HearthError } from '../contract/errors.ts'
import { type GitCommand, parseGitCommand } from '../core/git/git-command.ts'
import { listAuthorizedKeys } from './authorized-keys.ts'
import { readMintKey } from './keys.ts'
import { reachAgent } from './reach-agent.ts'
import { actorId, mintToken } from './token.ts'

export interface ConnectOptions {
  readonly keyId: string
  /** What the client asked for, as sshd hands it over in SSH_ORIGINAL_COMMAND. */
  readonly originalCommand: string
  /** What the client has in GIT_PROTOCOL, where sshd lets it through; may be anything. */
  readonly gitProtocol: string
  readonly keyDirectory: string
  readonly socketPath: string
  /** Where the key's owner is looked up; null on the embedded server, where the key id is the owner. */
  readonly authorizedKeysPath: string | null
  readonly input: Readable
  readonly output: Writable
  /** For the user's eyes, on standard error. */
  readonly say: (text: string) => void
  readonly nowMs: number
}

/**
 * The forced command of every key: all that someone who logs in may do. `token` prints a token for the API as JSON,
 * `stdio` joins the connection's streams and the agent's socket (for servers that forbid forwarding to sockets), and
 * git's two services join a client's git and the agent's. Returns the exit status.
 */
export async function connect(options: ConnectOptions): Promise<number> {
  const email = await findOwner(options)
  switch (options.originalCommand) {
    case 'token':
      options.output.write(`${JSON.stringify(await mint(options, email))}\n`)
      return 0
    case 'stdio':
      await bridge(options)
      return 0
    default: {
      const command = parseGitCommand(options.originalCommand)
      if (command) return serveGit(options, command, email)
      throw new HearthError('forbidden', 'This key is for Hearth: it opens no shell and runs no other commands.')
    }
  }
}

async function serveGit(options: ConnectOptions, command: GitCommand, email: string): Promise<number> {
  if (command.kind === 'refused') throw new HearthError('forbidden', command.message)
  // Other logins are not to wait for what only this one needs.
  const { connectGit } = await import('./connect-git.ts')
  const { token } = await mint(options, email)
  return connectGit({ ...options, ...command, token, protocol: options.gitProtocol })
}

async function mint({ keyId, keyDirectory, socketPath, nowMs }: ConnectOptions, email: string) {
  return { ...mintToken(await readMintKey(keyDirectory), { id: actorId(keyId), email }, nowMs), socket: socketPath }
}

/** sshd read the file when the connection began, which may be long ago. */
async function findOwner({ keyId, authorizedKeysPath }: ConnectOptions): Promise<string> {
  if (authorizedKeysPath === null) return keyId
  const key = listAuthorizedKeys(await readFile(authorizedKeysPath, 'utf8')).find(({ id }) => id === keyId)
  if (!key) throw new HearthError('forbidden', 'This key was removed from the server.')
  return key.comment || key.id
}

async function bridge({ socketPath, input, output }: ConnectOptions): Promise<void> {
  const socket = await reachAgent(socketPath, true)
  const sending = pipeline(input, socket).catch(() => {})
  await pipeline(socket, output)
  // The agent ended the connection. What the desktop may still say has no reader, and waiting for it would hide the end.
  input.destroy()
  await sending
}
