import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import ssh2, { type Client, type ConnectConfig } from 'ssh2'
import { type ErrorId, HearthError } from '../../agent/contract/errors.ts'
import {
  type HostKey,
  HostKeyError,
  type SshAddress,
  type SshAuthentication,
  type SshConnector,
  type SshTarget,
  type Transport,
} from '../core/ports/transport.ts'
import { isTrusted, parseHostKeyBlob } from '../core/servers/host-key.ts'
import { chooseAlgorithms } from './algorithms.ts'
import { agentHoldsHardwareKey } from './hardware-key.ts'
import { Ssh2Transport } from './ssh2-transport.ts'

export interface Ssh2Options {
  readonly agentSocket: string | null
  /** For a host that accepts a connection and then says nothing. */
  readonly readyTimeoutMs?: number
  readonly keepaliveMs?: number
}

/** SSH in this process: the same on every platform, 10 ms a command. */
export class Ssh2Connector implements SshConnector {
  readonly #options: Ssh2Options

  constructor(options: Ssh2Options) {
    this.#options = options
  }

  async connect(target: SshTarget, signal?: AbortSignal): Promise<Transport> {
    signal?.throwIfAborted()
    const identity = await readIdentity(target.authentication, this.#options.agentSocket)
    let presented: HostKey | null = null
    const { client, socket } = await this.#handshake(target, signal, {
      ...identity,
      username: target.user,
      algorithms: chooseAlgorithms(target.hostKeys.map(({ type }) => type)),
      hostVerifier: (blob: Buffer) => {
        presented = parseHostKeyBlob(blob)
        return isTrusted(presented, target.hostKeys)
      },
    }).catch(async (error: unknown) => {
      if (presented && !isTrusted(presented, target.hostKeys)) {
        throw new HostKeyError(target, presented, target.hostKeys)
      }
      throw await this.#explainRefusal(explain(error as ConnectError, target), target)
    })
    return new Ssh2Transport(client, socket)
  }

  /** ssh2 passes over keys of FIDO devices without a word, so the agent is asked whether it has one. */
  async #explainRefusal(error: HearthError, { host, authentication }: SshTarget): Promise<HearthError> {
    const { agentSocket } = this.#options
    if (error.id !== 'forbidden' || authentication.kind !== 'agent' || agentSocket === null) return error
    if (!(await agentHoldsHardwareKey(agentSocket))) return error
    const why = 'Your SSH agent holds a hardware key (FIDO), which the SSH inside Hearth can not use.'
    return new HearthError('needs_system_ssh', `${host} took none of the other keys. ${why}`, { cause: error })
  }

  async readHostKey(address: SshAddress, signal?: AbortSignal): Promise<HostKey> {
    let presented: HostKey | null = null
    // Every key is refused, so the handshake ends right after the host has shown and proved its own.
    const look = this.#handshake(address, signal, {
      username: address.user,
      algorithms: chooseAlgorithms([]),
      hostVerifier: (blob: Buffer) => {
        presented = parseHostKeyBlob(blob)
        return false
      },
    })
    const error = await look.then(
      ({ client }) => client.end(),
      (failure: unknown) => failure,
    )
    if (presented) return presented
    throw explain(error as ConnectError, address)
  }

  #handshake(
    { host, port }: { host: string; port: number },
    signal: AbortSignal | undefined,
    config: ConnectConfig,
  ): Promise<{ client: Client; socket: Socket }> {
    const client = new ssh2.Client()
    const socket = connect({ host, port })
    const { readyTimeoutMs = 15_000, keepaliveMs = 3000 } = this.#options
    return new Promise((resolve, reject) => {
      const abort = () => {
        reject(new HearthError('gone', 'Connecting was cancelled.'))
        socket.destroy()
      }
      signal?.addEventListener('abort', abort)
      client.once('ready', () => {
        signal?.removeEventListener('abort', abort)
        resolve({ client, socket })
      })
      // Stays for good: a failed handshake may be followed by a second error, which would end the program.
      client.on('error', reject)
      client.once('close', () => reject(new Error('The host closed the connection.')))
      // ssh2 waits for ever for somebody who would answer it.
      client.once('change password', () => {
        reject(new HearthError('forbidden', `The password has expired. Log in to ${host} once by hand and change it.`))
        client.end()
      })
      answerWithPassword(client, config.password)
      client.connect({
        sock: socket,
        readyTimeout: readyTimeoutMs,
        keepaliveInterval: keepaliveMs,
        keepaliveCountMax: 5,
        ...config,
      })
      // With Nagle's algorithm each small packet waits for an acknowledgement: 43 ms a key stroke instead of 0.2.
      client.setNoDelay(true)
    })
  }
}

/** Where sshd asks through PAM only: the password answers a question for one hidden word, and no other question. */
function answerWithPassword(client: Client, password: string | undefined): void {
  client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) => {
    const [prompt, second] = prompts
    answer(prompt && !second && !prompt.echo && password !== undefined ? [password] : prompts.map(() => ''))
  })
}

type ConnectError = Error & { level?: string; code?: string }

async function readIdentity(authentication: SshAuthentication, agentSocket: string | null): Promise<ConnectConfig> {
  switch (authentication.kind) {
    case 'password':
      return { password: authentication.password, tryKeyboard: true }
    case 'agent': {
      if (agentSocket === null) {
        throw new HearthError(
          'forbidden',
          'There is no ssh-agent here (SSH_AUTH_SOCK is not set). Use a key file instead.',
        )
      }
      return { agent: agentSocket }
    }
    case 'key':
      return readKey(authentication.path, authentication.passphrase)
  }
}

async function readKey(path: string, passphrase: string | undefined): Promise<ConnectConfig> {
  const privateKey = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new HearthError('forbidden', `The key ${path} can't be read: ${cause.code}.`, { cause })
  })
  const parsed = ssh2.utils.parseKey(privateKey, passphrase)
  if (parsed instanceof Error) throw explainKey(path, parsed, passphrase !== undefined)
  return { privateKey, ...(passphrase === undefined ? {} : { passphrase }) }
}

function explainKey(path: string, cause: Error, hasPassphrase: boolean): HearthError {
  if (!/passphrase|encrypted/i.test(cause.message)) {
    const message = `The SSH inside Hearth does not understand the key ${path} (${cause.message}).`
    return new HearthError('needs_system_ssh', message, { cause })
  }
  const why = hasPassphrase ? 'the passphrase is wrong' : 'it is encrypted: give its passphrase'
  return new HearthError('forbidden', `The key ${path} can't be used: ${why}.`, { cause })
}

/** ssh2 names the stage that failed in `level`, the system its reason in `code`. */
function explain(error: ConnectError, { host, port }: { host: string; port: number }): HearthError {
  if (error instanceof HearthError) return error
  const where = `${host}:${port}`
  const make = (id: ErrorId, message: string) => new HearthError(id, message, { cause: error })
  switch (error.level) {
    case 'client-authentication':
      return make('forbidden', `${where} refused the login. Check the user, and the key or password.`)
    case 'client-timeout':
      return make('unavailable', `${where} does not answer as an SSH server. Is it the right port?`)
    case 'handshake':
      return make(
        'needs_system_ssh',
        `${where} and the SSH inside Hearth have no common way to encrypt (${error.message}).`,
      )
    default:
      return make('unavailable', `${where} can't be reached: ${reasons[error.code ?? ''] ?? error.message}`)
  }
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there. Is sshd running, and is the port right?',
  ENOTFOUND: 'there is no host of that name.',
  EAI_AGAIN: 'names can not be resolved now. Is this computer online?',
  EHOSTUNREACH: 'there is no way to it. Is it on, and are both on the network?',
  ENETUNREACH: 'this computer is offline.',
  ETIMEDOUT: 'it did not answer in time. Is it on, and does a firewall block the port?',
  ECONNRESET: 'it cut the connection.',
}
