import { mkdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../contract/errors.ts'
import { defaultPath } from '../core/dynos/dyno-environment.ts'
import type {
  DynoListener,
  DynoRunner,
  DynoSpec,
  DynoUsage,
  InsideSpec,
  RunningDyno,
  StartedDyno,
} from '../core/ports/dynos/dyno-runner.ts'
import { waitUntilAccepting } from '../exec/listening.ts'
import { type DynoGroup, type DynoGroups, openDynoGroups } from './dyno-groups.ts'
import { DynoPorts } from './dyno-ports.ts'
import { endLeftovers } from './dyno-record.ts'
import { launch } from './launch.ts'
import { type Plan, planDyno } from './launch-plan.ts'
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

interface Running {
  readonly dyno: ProcessDyno
  readonly plan: Plan
  /** The dyno that this one runs inside of. */
  readonly insideOf: string | null
}

/** Runs dynos as child processes of the agent, in namespaces where the kernel gives them to an ordinary user. */
export class ProcessRunner implements DynoRunner {
  readonly #options: ProcessRunnerOptions
  readonly #dynos = new Map<string, Running>()
  readonly #ports = new DynoPorts(host)
  #sandbox: Sandbox = { kind: 'none', reason: 'not opened yet' }
  #groups: DynoGroups = { kind: 'none', reason: 'not opened yet' }
  #listener: DynoListener | null = null

  constructor(options: ProcessRunnerOptions) {
    this.#options = options
  }

  get sandbox(): string {
    const memory =
      this.#groups.kind === 'groups'
        ? 'Memory is limited as on a server.'
        : `Memory is not limited: ${this.#groups.reason}.`
    return `${describeSandbox(this.#sandbox)} ${memory}`
  }

  /** Never finds a dyno: they die with their agent, and what is left of a killed one is ended here. */
  async open(listener: DynoListener): Promise<readonly RunningDyno[]> {
    const { folder, avoidSandbox } = this.#options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await endLeftovers(folder)
    this.#sandbox = avoidSandbox ? { kind: 'none', reason: 'not wanted' } : await detectSandbox(folder)
    this.#groups = await openDynoGroups()
    this.#listener = listener
    return []
  }

  async requirePodman(): Promise<void> {
    throw new HearthError(
      'invalid_params',
      'Podman runs dynos on servers; on this computer they are processes. Add a server, or leave podman off.',
    )
  }

  async start(spec: DynoSpec): Promise<StartedDyno> {
    if (spec.image)
      throw new HearthError(
        'invalid_params',
        'Images are run by servers, not by this computer. Deploy the app to a server.',
      )
    await refuseMissing(spec)
    const port = spec.listens ? await this.#ports.take() : null
    const searchPath = this.#options.searchPath ?? defaultPath
    try {
      return await this.#run(spec, { port, insideOf: null }, (folder) =>
        planDyno(spec, { folder, sandbox: this.#sandbox, port, searchPath }),
      )
    } catch (error) {
      if (port !== null) this.#ports.release(port)
      throw error
    }
  }

  async startInside(spec: InsideSpec): Promise<StartedDyno> {
    const named = this.#find(spec.dynoId)
    // Inside of what is inside is inside of the same dyno.
    const { dyno, plan } = named.insideOf === null ? named : this.#find(named.insideOf)
    return await this.#run(spec, { port: null, insideOf: dyno.id }, () => plan.inside(spec, dyno.mark))
  }

  async waitUntilListening(dynoId: string, signal: AbortSignal): Promise<void> {
    const { dyno } = this.#find(dynoId)
    if (!dyno.address) throw new HearthError('internal', `Dyno ${dynoId} has no port to listen on.`)
    const either = AbortSignal.any([signal, dyno.ended])
    await waitUntilAccepting(dyno.address, either).catch((error: unknown) => {
      if (signal.aborted) throw error
      throw new HearthError('unavailable', 'The dyno exited before it listened on its port.', { cause: error })
    })
  }

  async stop(dynoId: string, graceMs: number): Promise<void> {
    await this.#dynos.get(dynoId)?.dyno.stop(graceMs)
  }

  async usage(dynoId: string): Promise<DynoUsage | null> {
    return (await this.#dynos.get(dynoId)?.dyno.usage()) ?? null
  }

  /** An app has nothing here but its dynos. */
  async destroyApp(): Promise<void> {}

  async close(): Promise<void> {
    this.#listener = null
    await Promise.all([...this.#dynos.values()].map(({ dyno }) => dyno.stop(closeGraceMs)))
  }

  async #run(
    spec: DynoSpec | InsideSpec,
    { port, insideOf }: { port: number | null; insideOf: string | null },
    makePlan: (folder: string) => Promise<Plan>,
  ): Promise<StartedDyno> {
    const listener = this.#listener
    if (!listener) throw new HearthError('unavailable', 'The agent is stopping: no dyno is started any more.')
    const folder = path.join(this.#options.folder, spec.id)
    await mkdir(folder, { mode: 0o700 })
    let group: DynoGroup | null = null
    try {
      const plan = await makePlan(folder)
      group = this.#groups.kind === 'groups' ? await this.#groups.make(spec.id, spec.limits) : null
      const launched = await launch(spec, group ? { ...plan, command: group.wrap(plan.command) } : plan, folder)
      const address = port === null ? null : { host, port }
      const dyno = new ProcessDyno(launched, { id: spec.id, address, folder, listener, group })
      this.#dynos.set(spec.id, { dyno, plan, insideOf })
      dyno.ended.addEventListener('abort', () => this.#endInside(spec.id), { once: true })
      void dyno.gone.then(() => this.#forget(dyno))
      return { id: spec.id, address, terminal: launched.terminal }
    } catch (error) {
      await group?.remove()
      await rm(folder, { recursive: true, force: true })
      throw error
    }
  }

  #forget({ id, address }: ProcessDyno): void {
    this.#dynos.delete(id)
    if (address) this.#ports.release(address.port)
  }

  /** What runs inside a dyno is nowhere without it. */
  #endInside(dynoId: string): void {
    for (const { dyno, insideOf } of this.#dynos.values()) if (insideOf === dynoId) void dyno.stop(0)
  }

  #find(dynoId: string): Running {
    const running = this.#dynos.get(dynoId)
    if (!running || running.dyno.ended.aborted) throw new HearthError('gone', `Dyno ${dynoId} does not run any more.`)
    return running
  }
}

async function refuseMissing({ tree }: DynoSpec): Promise<void> {
  const isThere = await stat(tree.appDirectory).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (!isThere) throw new HearthError('internal', `The files of slug ${tree.checksum} are missing on this server.`)
}
