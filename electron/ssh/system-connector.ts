import { setTimeout as delay } from 'node:timers/promises'
import { HearthError } from '../../agent/contract/errors.ts'
import {
  type HostKey,
  HostKeyError,
  type SshConnector,
  type SshTarget,
  type Transport,
} from '../core/ports/transport.ts'
import { parseKeyScan } from '../core/servers/host-key.ts'
import { type RunningChild, runChild, startChild } from '../exec/spawn.ts'
import { openSshFolder, type SshFolder } from './ssh-folder.ts'
import { SystemTransport } from './system-transport.ts'

export interface SystemSshOptions {
  readonly program?: string
  readonly scanProgram?: string
  readonly readyTimeoutMs?: number
  readonly keepaliveSeconds?: number
}

/**
 * The machine's own `ssh`, for what ssh2 can't do: FIDO keys, ProxyCommand, post-quantum key exchange, GSSAPI. One
 * master process holds the connection; what is opened over it are short-lived clients of its control socket.
 */
export class SystemConnector implements SshConnector {
  readonly #options: Required<SystemSshOptions>

  constructor(options: SystemSshOptions = {}) {
    this.#options = {
      program: 'ssh',
      scanProgram: 'ssh-keyscan',
      readyTimeoutMs: 15_000,
      keepaliveSeconds: 3,
      ...options,
    }
  }

  async connect(target: SshTarget, signal?: AbortSignal): Promise<Transport> {
    signal?.throwIfAborted()
    if (target.hostKeys.length === 0) throw new HostKeyError(target, await this.readHostKey(target, signal), [])
    const folder = await openSshFolder(target)
    try {
      const master = await this.#startMaster(target, folder)
      await this.#waitUntilReady(target, { master, folder, signal })
      return new SystemTransport({ program: this.#options.program, target, folder, master })
    } catch (error) {
      await folder.close()
      throw error
    }
  }

  async readHostKey({ host, port }: { host: string; port: number }, signal?: AbortSignal): Promise<HostKey> {
    const seconds = String(Math.ceil(this.#options.readyTimeoutMs / 1000))
    const command = [this.#options.scanProgram, '-T', seconds, '-p', String(port), '--', host] as const
    const { stdout } = await runChild(command, { signal })
    const keys = parseKeyScan(stdout)
    const key = keys.find(({ type }) => type === 'ssh-ed25519') ?? keys[0]
    if (key) return key
    throw new HearthError('unavailable', `${host}:${port} can't be reached, or is not an SSH server.`)
  }

  #startMaster(target: SshTarget, folder: SshFolder): Promise<RunningChild> {
    const { program, readyTimeoutMs, keepaliveSeconds } = this.#options
    const options = [
      'ControlMaster=yes',
      `ControlPath=${folder.controlPath}`,
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${folder.knownHostsPath}`,
      'GlobalKnownHostsFile=/dev/null',
      'UpdateHostKeys=no',
      `ConnectTimeout=${Math.ceil(readyTimeoutMs / 1000)}`,
      `ServerAliveInterval=${keepaliveSeconds}`,
      'ServerAliveCountMax=3',
      'StreamLocalBindUnlink=yes',
      ...folder.authenticationOptions,
    ]
    const flags = options.flatMap((option) => ['-o', option])
    const command = [program, '-N', '-T', '-p', String(target.port), '-l', target.user, ...flags, '--', target.host]
    return startChild(command as [string, ...string[]], {
      stdio: ['ignore', 'ignore', 'pipe'],
      environment: folder.environment,
    })
  }

  async #waitUntilReady(
    target: SshTarget,
    { master, folder, signal }: { master: RunningChild; folder: SshFolder; signal: AbortSignal | undefined },
  ): Promise<void> {
    let isOver = false
    void master.exit.then(() => (isOver = true))
    master.child.stderr?.resume()
    const deadline = performance.now() + this.#options.readyTimeoutMs
    while (!isOver && performance.now() < deadline && !signal?.aborted) {
      const check = await runChild([this.#options.program, '-O', 'check', '-S', folder.controlPath, 'master'])
      if (check.status === 0) return
      await delay(30)
    }
    master.child.kill('SIGKILL')
    if (signal?.aborted) throw new HearthError('gone', 'Connecting was cancelled.')
    throw await this.#explain(target, isOver)
  }

  /** ssh says why in English only and ends with 255 for everything, so the host is asked again for what can be known. */
  async #explain(target: SshTarget, hasEnded: boolean): Promise<HearthError> {
    const where = `${target.host}:${target.port}`
    if (!hasEnded)
      return new HearthError('unavailable', `${where} does not answer as an SSH server. Is it the right port?`)
    const presented = await this.readHostKey(target).catch(() => null)
    if (!presented) return new HearthError('unavailable', `${where} can't be reached, or is not an SSH server.`)
    const isKnown = target.hostKeys.some(({ blob }) => blob === presented.blob)
    // The scan prefers one type; a host trusted by another one only is asked by ssh itself and would have passed.
    if (!isKnown && target.hostKeys.some(({ type }) => type === presented.type)) {
      return new HostKeyError(target, presented, target.hostKeys)
    }
    return new HearthError('forbidden', `${where} refused the login. Check the user, and the key or password.`)
  }
}
