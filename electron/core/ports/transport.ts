import type { Duplex, Readable } from 'node:stream'
import { HearthError } from '../../../agent/contract/errors.ts'

/** The SSH inside Hearth, or the `ssh` program of this computer. */
export type TransportKind = 'ssh2' | 'system'

/** How to prove who we are; tried in this order by whoever made the list. */
export type SshAuthentication =
  | { readonly kind: 'agent' }
  | { readonly kind: 'key'; readonly path: string; readonly passphrase?: string | undefined }
  | { readonly kind: 'password'; readonly password: string }

/** A host's public key: `type` and `blob` as in known_hosts. */
export interface HostKey {
  readonly type: string
  readonly blob: string
}

export interface SshTarget {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly authentication: SshAuthentication
  /** What was trusted for this host. Empty refuses every host: trust is given by a human, elsewhere. */
  readonly hostKeys: readonly HostKey[]
}

/** One SSH connection. */
export interface Transport {
  /** A connection to a unix socket of the server. */
  openSocket(path: string): Promise<Duplex>
  /** Runs a command to its end. Throws `unavailable` when the connection ends first; a status is never thrown. */
  exec(command: readonly string[], options?: ExecOptions): Promise<ExecResult>
  /** Starts a command and hands over its streams. */
  start(command: readonly string[], options?: { readonly pty?: TerminalSize | undefined }): Promise<RemoteProcess>
  /** Resolves when the connection is over, with the reason when it was not ours. */
  readonly closed: Promise<Error | null>
  close(): Promise<void>
}

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

export interface ExecOptions {
  readonly input?: string | Uint8Array | Readable | undefined
  readonly pty?: TerminalSize | undefined
  readonly signal?: AbortSignal | undefined
  /** Called with what the command prints, as it comes; then nothing is collected for the result. */
  readonly onOutput?: ((bytes: Uint8Array) => void) | undefined
}

export interface ExecResult {
  /** 128 + n when a signal ended it, as a shell says it. */
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface RemoteProcess {
  /** Written to: its standard input. Read from: its standard output. */
  readonly stream: Duplex
  readonly stderr: Readable
  readonly exit: Promise<number>
}

/** Opens SSH connections; two adapters, one contract suite. */
export interface SshConnector {
  /**
   * Throws HostKeyError for an untrusted host, `forbidden` when the login is refused, `unavailable` when the host can't
   * be reached, `needs_system_ssh` when this way of connecting lacks something that the system's ssh may have. Nothing
   * secret is sent before the host has proved its key.
   */
  connect(target: SshTarget, signal?: AbortSignal): Promise<Transport>
  /** The key that a host shows now, for a human to compare. */
  readHostKey(address: SshAddress, signal?: AbortSignal): Promise<HostKey>
}

export type SshConnectors = Readonly<Record<TransportKind, SshConnector>>

export type SshAddress = Pick<SshTarget, 'host' | 'port' | 'user'>

/** The `ssh` program of this computer, and what its configuration says. */
export interface SystemSsh {
  /** There is one that can carry a connection of ours. */
  isAvailable(): Promise<boolean>
  /**
   * Why ~/.ssh/config wants this host to be reached by it (a proxy, a hardware key), a sentence; null when it does not.
   * Runs `ssh -G`, and with it the `Match exec` of the configuration: for what a user has just asked for only.
   */
  explainNeed(address: SshAddress): Promise<string | null>
  /** User and port that the configuration has for a host name of it. */
  describeHost(host: string): Promise<{ user: string; port: number } | null>
}

/** The host showed a key that is not among the trusted. `expected` is empty for a host that was never seen. */
export class HostKeyError extends HearthError {
  readonly presented: HostKey
  readonly expected: readonly HostKey[]

  constructor(address: { host: string; port: number }, presented: HostKey, expected: readonly HostKey[]) {
    const where = `${address.host}:${address.port}`
    super(
      'forbidden',
      expected.length === 0
        ? `${where} is not known yet. Compare its key with the server's own, then trust it.`
        : `${where} shows ANOTHER KEY than the one that was trusted. Either the server was set up anew, or someone is ` +
            'in between. Nothing was sent. Compare the key with the server before you trust it.',
    )
    this.presented = presented
    this.expected = expected
  }
}
