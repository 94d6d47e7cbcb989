import { HearthError } from '../../../agent/contract/errors.ts'
import type { HostKey, SshAddress, SshConnectors, SystemSsh, TransportKind } from '../ports/transport.ts'
import { fingerprintOf } from './host-key.ts'
import type { ServerEntry } from './server-file.ts'

/** What a host shows before anything secret is sent to it, and how it was reached. */
export interface Probe {
  readonly fingerprint: string
  readonly keyType: string
  readonly known: 'new' | 'same' | 'changed'
  readonly transport: TransportKind
  /** Why it is the system's ssh, a sentence; null when nothing asked for it. */
  readonly reason: string | null
}

export interface HostProbeOptions {
  readonly connectors: SshConnectors
  readonly systemSsh: SystemSsh
  readonly entries: () => readonly ServerEntry[]
}

/** Looks at hosts, and keeps the keys that they showed, so that the one which a human confirmed is remembered. */
export class HostProbe {
  readonly #options: HostProbeOptions
  readonly #shown = new Map<string, HostKey>()

  constructor(options: HostProbeOptions) {
    this.#options = options
  }

  /** Without a wanted way, the one that fits: the SSH inside Hearth unless the host or ~/.ssh/config need the other. */
  async look(address: SshAddress, wanted?: TransportKind): Promise<Probe> {
    const { key, transport, reason } = wanted
      ? { key: await this.#read(address, wanted), transport: wanted, reason: null }
      : await this.#readByFittingWay(address)
    const fingerprint = fingerprintOf(key)
    this.#shown.set(nameOf(address, fingerprint), key)
    return { fingerprint, keyType: key.type, known: this.#compare(address, key), transport, reason }
  }

  /** The key with this fingerprint that the host showed. */
  confirmed(address: Pick<SshAddress, 'host' | 'port'>, fingerprint: string): HostKey {
    const key = this.#shown.get(nameOf(address, fingerprint))
    if (key) return key
    const where = `${address.host}:${address.port}`
    throw new HearthError('conflict', `${where} shows another key now than the one you confirmed. Look again.`)
  }

  async #readByFittingWay(address: SshAddress): Promise<{ key: HostKey } & Pick<Probe, 'transport' | 'reason'>> {
    const isAvailable = await this.#options.systemSsh.isAvailable()
    const need = isAvailable ? await this.#options.systemSsh.explainNeed(address) : null
    if (need !== null) return { key: await this.#read(address, 'system'), transport: 'system', reason: need }
    try {
      return { key: await this.#read(address, 'ssh2'), transport: 'ssh2', reason: null }
    } catch (error) {
      if (!isAvailable || !(error instanceof HearthError) || error.id !== 'needs_system_ssh') throw error
      return { key: await this.#read(address, 'system'), transport: 'system', reason: error.message }
    }
  }

  #read(address: SshAddress, transport: TransportKind): Promise<HostKey> {
    return this.#options.connectors[transport].readHostKey(address)
  }

  #compare({ host, port }: SshAddress, key: HostKey): Probe['known'] {
    const known = this.#options.entries().find((entry) => entry.host === host && entry.port === port)
    if (!known) return 'new'
    return known.hostKeys.some(({ blob }) => blob === key.blob) ? 'same' : 'changed'
  }
}

function nameOf({ host, port }: Pick<SshAddress, 'host' | 'port'>, fingerprint: string): string {
  return `${host}:${port} ${fingerprint}`
}
