import { createHash } from 'node:crypto'
import { lstat, mkdir, stat } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { StartProgram } from '../ports/program.ts'
import { type EmbeddedState, type EmbeddedTimings, keepAgentRunning } from './embedded-agent.ts'
import { mintEmbeddedToken } from './embedded-token.ts'
import { acquireLock, type ProcessLock } from './process-lock.ts'

export interface EmbeddedServerOptions {
  readonly directory: string
  readonly nodeProgram: string
  readonly agentBundle: string
  readonly startProgram: StartProgram
  readonly onState?: (state: EmbeddedState) => void
  readonly timings?: Partial<EmbeddedTimings>
}

const name = 'This computer'
/** A unix socket's path may have 107 bytes; the longest name of the agent's is below 40. */
const maximumRunDirectoryBytes = 68
const tokenRenewalMs = 60 * 60 * 1000

/**
 * "This computer": the agent as a child process. One desktop owns it; another one (or the command line) with the same
 * data attaches to it, and takes over when the owner is gone.
 */
export class EmbeddedServer {
  readonly #options: EmbeddedServerOptions
  readonly #runDirectory: string
  readonly #abort = new AbortController()
  readonly #waiting = new Set<() => void>()
  #lock: ProcessLock | undefined
  #running: Promise<void> | undefined
  #state: EmbeddedState = { state: 'starting', reason: null }
  #token: { text: string; mintedAt: number } | undefined

  private constructor(options: EmbeddedServerOptions, runDirectory: string) {
    this.#options = options
    this.#runDirectory = runDirectory
  }

  /** Returns at once; the first start goes on behind it. */
  static async open(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
    for (const part of ['state', 'keys']) await mkdir(join(options.directory, part), { recursive: true, mode: 0o700 })
    const server = new EmbeddedServer(options, await makeRunDirectory(options.directory))
    await server.#takeOver()
    return server
  }

  get state(): EmbeddedState {
    return this.#state
  }

  /** False while another desktop's process runs the server that we use. */
  get isOwner(): boolean {
    return this.#lock?.isOurs ?? false
  }

  get logPath(): string {
    return join(this.#options.directory, 'agent.log')
  }

  /** A connection to the agent. Waits for a start that is under way. */
  async openSocket(): Promise<Duplex> {
    if (!this.isOwner) await this.#takeOver()
    await this.#started()
    return connect({ path: this.#socketPath }, 'The server of this computer is not running.')
  }

  /** A connection to where the router takes HTTP. */
  async openRouter(): Promise<Duplex> {
    // By its socket: its port may be another agent's while it is away.
    return connect({ path: join(this.#runDirectory, 'router', 'http.sock') }, "This computer's router is not running.")
  }

  /** A token for the API, renewed long before it expires. */
  async token(): Promise<string> {
    const now = Date.now()
    if (this.#token && now - this.#token.mintedAt < tokenRenewalMs) return this.#token.text
    const text = await mintEmbeddedToken(join(this.#options.directory, 'keys', 'mint.key'), userName(), now)
    this.#token = { text, mintedAt: now }
    return text
  }

  async close(): Promise<void> {
    this.#abort.abort()
    await this.#running
    await this.#lock?.release()
    this.#lock = undefined
  }

  get #socketPath(): string {
    return join(this.#runDirectory, 'agent.sock')
  }

  /** Becomes the owner when nobody else is. */
  async #takeOver(): Promise<void> {
    if (this.#abort.signal.aborted) throw new HearthError('gone', 'Hearth is closing.')
    const lock = await acquireLock(join(this.#options.directory, 'desktop.lock'))
    this.#lock = lock
    if (!lock.isOurs) {
      this.#setState({ state: 'running' })
      return
    }
    // Told to others by the first start itself; whoever opens a socket before that waits.
    this.#state = { state: 'starting', reason: null }
    const { directory, startProgram, timings } = this.#options
    this.#running = keepAgentRunning(
      {
        command: this.#command,
        socketPath: this.#socketPath,
        logPath: this.logPath,
        recordPath: join(directory, 'agent-process.json'),
        program: () => this.#program(),
        token: () => this.token(),
        startProgram,
        onState: (state) => this.#setState(state),
        ...(timings === undefined ? {} : { timings }),
      },
      this.#abort.signal,
    )
  }

  get #command(): readonly [string, ...string[]] {
    const { nodeProgram, agentBundle, directory } = this.#options
    const run = ['--run', this.#runDirectory]
    const folders = ['--state', join(directory, 'state'), ...run, '--keys', join(directory, 'keys')]
    return [nodeProgram, agentBundle, 'serve', '--runner', 'process', ...folders, '--name', name]
  }

  /** A bundle of another build has another time or size. */
  async #program(): Promise<string> {
    const { nodeProgram, agentBundle } = this.#options
    const { mtimeMs, size } = await stat(agentBundle)
    return `${nodeProgram} ${agentBundle} ${mtimeMs} ${size}`
  }

  #setState(state: EmbeddedState): void {
    this.#state = state
    if (state.state !== 'starting') {
      for (const wake of this.#waiting) wake()
      this.#waiting.clear()
    }
    this.#options.onState?.(state)
  }

  async #started(): Promise<void> {
    if (this.#state.state === 'starting') await new Promise<void>((resolve) => this.#waiting.add(resolve))
    if (this.#state.state === 'stopped') throw new HearthError('unavailable', this.#state.reason)
  }
}

function connect(to: net.NetConnectOpts, failure: string): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(to)
    socket.setNoDelay(true)
    socket.once('connect', () => {
      socket.off('error', fail)
      resolve(socket)
    })
    const fail = (cause: Error) => reject(new HearthError('unavailable', failure, { cause }))
    socket.once('error', fail)
  })
}

/** Beside the state; where that makes too long a path for sockets, a private folder of the user's in the temporary one. */
async function makeRunDirectory(directory: string): Promise<string> {
  const beside = join(directory, 'run')
  const digest = createHash('sha256').update(directory).digest('hex').slice(0, 12)
  const fits = Buffer.byteLength(beside) <= maximumRunDirectoryBytes
  const chosen = fits ? beside : join(tmpdir(), `hearth-${userInfo().uid}-${digest}`)
  await mkdir(chosen, { recursive: true, mode: 0o700 })
  const made = await lstat(chosen)
  const isPrivate = made.isDirectory() && (made.mode & 0o077) === 0 && made.uid === userInfo().uid
  if (isPrivate || process.platform === 'win32') return chosen
  throw new HearthError(
    'forbidden',
    `${chosen} belongs to somebody else or is open to others. Remove it, then start again.`,
  )
}

function userName(): string {
  return `${userInfo().username}@this-computer`
}
