import { setTimeout as delay } from 'node:timers/promises'
import { HearthError } from '../../agent/contract/errors.ts'
import {
  type HostKey,
  HostKeyError,
  type SshAddress,
  type SshConnector,
  type SshTarget,
  type Transport,
} from '../core/ports/transport.ts'
import { type RunningChild, startChild } from '../exec/spawn.ts'
import { type Askpass, openAskpass } from './askpass.ts'
import { openSshFolder, type SshFolder } from './ssh-folder.ts'
import { renderAuthenticationOptions, renderConnectionOptions, secretOf } from './ssh-options.ts'
import { isMasterThere, SystemTransport } from './system-transport.ts'

export interface SystemSshOptions {
  readonly program?: string
  readonly readyTimeoutMs?: number
  readonly keepaliveSeconds?: number
  /** Another file than ~/.ssh/config. */
  readonly configFile?: string
}

/** A master process while it connects. */
interface Attempt extends RunningChild {
  /** What ssh and its proxies said last; for people, decisions are not made by it. */
  said(): string
}

/**
 * The machine's own `ssh`, for what ssh2 can't do: FIDO keys, ProxyCommand, post-quantum key exchange, GSSAPI. One
 * master process holds the connection; what is opened over it are short-lived clients of its control socket.
 */
export class SystemConnector implements SshConnector {
  readonly #program: string
  readonly #patience: { readyTimeoutMs: number; keepaliveSeconds: number }
  readonly #configFlags: readonly string[]

  constructor({ program = 'ssh', readyTimeoutMs = 15_000, keepaliveSeconds = 3, configFile }: SystemSshOptions = {}) {
    this.#program = program
    this.#patience = { readyTimeoutMs, keepaliveSeconds }
    this.#configFlags = configFile === undefined ? [] : ['-F', configFile]
  }

  async connect(target: SshTarget, signal?: AbortSignal): Promise<Transport> {
    signal?.throwIfAborted()
    if (target.hostKeys.length === 0) throw new HostKeyError(target, await this.readHostKey(target, signal), [])
    await using opened = new AsyncDisposableStack()
    const folder = opened.adopt(await openSshFolder(target.hostKeys), (made) => made.close())
    const secret = secretOf(target.authentication)
    await using asked = new AsyncDisposableStack()
    const askpass = secret === null ? null : asked.adopt(await openAskpass(folder.path, secret), (made) => made.close())
    const master = await this.#startMaster(target, folder, askpass)
    await askpass?.answer(master.pid)
    await this.#waitUntilReady(target, { master, folder, signal })
    opened.move()
    return new SystemTransport({ program: this.#program, target, folder, master })
  }

  /** ssh writes the key down and is then let in by no method; ssh-keyscan would not go through a proxy. */
  async readHostKey(address: SshAddress, signal?: AbortSignal): Promise<HostKey> {
    await using folder = disposable(await openSshFolder([]))
    const options = ['StrictHostKeyChecking=accept-new', 'BatchMode=yes', 'PreferredAuthentications=none']
    const look = await this.#startSsh(address, folder, options)
    const end = () => look.child.kill('SIGKILL')
    const patience = AbortSignal.timeout(this.#patience.readyTimeoutMs + 1000)
    const stop = signal ? AbortSignal.any([signal, patience]) : patience
    stop.addEventListener('abort', end)
    if (stop.aborted) end()
    await look.exit
    stop.removeEventListener('abort', end)
    const [key] = await folder.readHostKeys()
    if (key) return key
    signal?.throwIfAborted()
    throw unreachable(address, look.said())
  }

  #startMaster(target: SshTarget, folder: SshFolder, askpass: Askpass | null): Promise<Attempt> {
    const master = ['ControlMaster=yes', `ControlPath=${folder.controlPath}`, 'StreamLocalBindUnlink=yes']
    const options = [
      ...master,
      'ControlPersist=no',
      'StrictHostKeyChecking=yes',
      ...renderAuthenticationOptions(target.authentication),
    ]
    return this.#startSsh(target, folder, options, askpass?.environment)
  }

  async #startSsh(
    { host, port, user }: SshAddress,
    folder: SshFolder,
    own: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Attempt> {
    const options = [...own, ...renderConnectionOptions(folder, this.#patience)].flatMap((option) => ['-o', option])
    const flags = [...this.#configFlags, '-N', '-T', '-p', String(port), '-l', user, ...options]
    const child = await startChild([this.#program, ...flags, '--', host], {
      stdio: ['ignore', 'ignore', 'pipe'],
      environment,
      isDetached: true,
    })
    let said = ''
    child.child.stderr?.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString('utf8')).slice(-2000)
    })
    return {
      ...child,
      said: () =>
        said
          .trim()
          .split(/\s*[\r\n]+/)
          .slice(-2)
          .join(' '),
    }
  }

  async #waitUntilReady(
    target: SshTarget,
    { master, folder, signal }: { master: Attempt; folder: SshFolder; signal: AbortSignal | undefined },
  ): Promise<void> {
    let isOver = false
    void master.exit.then(() => (isOver = true))
    const deadline = performance.now() + this.#patience.readyTimeoutMs
    while (!isOver && performance.now() < deadline && !signal?.aborted) {
      if (await isMasterThere(this.#program, folder)) return
      await delay(30)
    }
    master.child.kill('SIGKILL')
    if (signal?.aborted) throw new HearthError('gone', 'Connecting was cancelled.')
    throw await this.#explain(target, { hasEnded: isOver, said: master.said() })
  }

  /** ssh says why in English only and ends with 255 for everything, so the host is asked again for what can be known. */
  async #explain(target: SshTarget, { hasEnded, said }: { hasEnded: boolean; said: string }): Promise<HearthError> {
    const where = `${target.host}:${target.port}`
    if (!hasEnded)
      return new HearthError('unavailable', `${where} does not answer as an SSH server. Is it the right port?`)
    const presented = await this.readHostKey(target).catch(() => null)
    if (!presented) return unreachable(target, said)
    const isKnown = target.hostKeys.some(({ blob }) => blob === presented.blob)
    // The look prefers one type; a host trusted by another one only is asked by ssh itself and would have passed.
    if (!isKnown && target.hostKeys.some(({ type }) => type === presented.type)) {
      return new HostKeyError(target, presented, target.hostKeys)
    }
    return new HearthError('forbidden', `${where} refused the login. Check the user, and the key or password.`, {
      detail: said,
    })
  }
}

function unreachable({ host, port }: SshAddress, said: string): HearthError {
  const why = said === '' ? '' : ` ssh says: ${said.replace(/\.$/, '')}.`
  return new HearthError('unavailable', `${host}:${port} can't be reached, or is not an SSH server.${why}`)
}

function disposable<T extends { close(): Promise<void> }>(value: T): T & AsyncDisposable {
  return Object.assign(value, { [Symbol.asyncDispose]: () => value.close() })
}
