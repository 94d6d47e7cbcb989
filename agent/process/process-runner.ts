import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../contract/errors.ts'
import { defaultPath } from '../core/dyno-environment.ts'
import type {
  DynoListener,
  DynoRunner,
  DynoSpec,
  DynoTerminal,
  DynoUsage,
  RunningDyno,
} from '../core/ports/dyno-runner.ts'
import { findFreePort, waitUntilAccepting } from '../exec/listening.ts'
import { endLeftovers } from './dyno-record.ts'
import { launchDyno } from './launch.ts'
import { ProcessDyno } from './process-dyno.ts'
import { describeSandbox, detectSandbox, type Sandbox } from './sandbox.ts'

export interface ProcessRunnerOptions {
  /** Holds one folder per dyno; nobody else writes there. */
  readonly folder: string
  /** PATH of dynos without a sandbox, after that of their layers. */
  readonly searchPath?: string
  /** For tests: plain processes even where the kernel could do better. */
  readonly avoidSandbox?: boolean
}

const host = '127.0.0.1'
const closeGraceMs = 3_000

/** Runs dynos as child processes of the agent, in namespaces where the kernel gives them to an ordinary user. */
export class ProcessRunner implements DynoRunner {
  readonly #options: ProcessRunnerOptions
  readonly #dynos = new Map<string, ProcessDyno>()
  #sandbox: Sandbox = { kind: 'none', reason: 'not opened yet' }
  #listener: DynoListener | null = null

  constructor(options: ProcessRunnerOptions) {
    this.#options = options
  }

  get sandbox(): string {
    return describeSandbox(this.#sandbox)
  }

  /** Never finds a dyno: they die with their agent, and what is left of a killed one is ended here. */
  async open(listener: DynoListener): Promise<readonly RunningDyno[]> {
    const { folder, avoidSandbox } = this.#options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await endLeftovers(folder)
    this.#sandbox = avoidSandbox ? { kind: 'none', reason: 'not wanted' } : await detectSandbox(folder)
    this.#listener = listener
    return []
  }

  async start(spec: DynoSpec): Promise<RunningDyno> {
    const listener = this.#listener
    if (!listener) throw new HearthError('unavailable', 'The agent is stopping: no dyno is started any more.')
    const folder = path.join(this.#options.folder, spec.id)
    await mkdir(folder, { mode: 0o700 })
    try {
      const port = spec.listens ? await findFreePort(host) : null
      const searchPath = this.#options.searchPath ?? defaultPath
      const launched = await launchDyno(spec, { folder, sandbox: this.#sandbox, port, searchPath })
      const address = port === null ? null : { host, port }
      const dyno = new ProcessDyno(launched, { id: spec.id, address, folder, listener })
      this.#dynos.set(spec.id, dyno)
      void dyno.gone.then(() => this.#dynos.delete(spec.id))
      return { id: spec.id, address }
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  async waitUntilListening(dynoId: string, signal: AbortSignal): Promise<void> {
    const dyno = this.#find(dynoId)
    if (!dyno.address) throw new HearthError('internal', `Dyno ${dynoId} has no port to listen on.`)
    const either = AbortSignal.any([signal, dyno.ended])
    await waitUntilAccepting(dyno.address, either).catch((error: unknown) => {
      if (signal.aborted) throw error
      throw new HearthError('unavailable', 'The dyno exited before it listened on its port.', { cause: error })
    })
  }

  async stop(dynoId: string, graceMs: number): Promise<void> {
    await this.#dynos.get(dynoId)?.stop(graceMs)
  }

  attach(dynoId: string): DynoTerminal {
    const { terminal } = this.#find(dynoId)
    if (!terminal) throw new HearthError('conflict', `Dyno ${dynoId} was not started with a terminal.`)
    return terminal
  }

  async usage(dynoId: string): Promise<DynoUsage | null> {
    return (await this.#dynos.get(dynoId)?.usage()) ?? null
  }

  /** An app has nothing here but its dynos. */
  async destroyApp(): Promise<void> {}

  async close(): Promise<void> {
    this.#listener = null
    await Promise.all([...this.#dynos.values()].map((dyno) => dyno.stop(closeGraceMs)))
  }

  #find(dynoId: string): ProcessDyno {
    const dyno = this.#dynos.get(dynoId)
    if (!dyno) throw new HearthError('gone', `Dyno ${dynoId} does not run any more.`)
    return dyno
  }
}
