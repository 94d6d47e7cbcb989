import { randomUUID } from 'node:crypto'
import { notFound } from '../../../agent/contract/errors.ts'
import { type DeployParts, DeployRun, type DeployStart } from './deploy-run.ts'
import type { DeploySource, ImageSource } from './deploy-source.ts'
import { type Deploy, DeployProgress } from './deploy-state.ts'

export interface DeployRequest {
  readonly serverId: string
  /** Name or id; an app of that name is created when it is not there. */
  readonly app: string
  /** Finds the folder, which may still be on its way (an upload) or belong to Hearth (a sample). */
  readonly openSource: () => Promise<DeploySource | ImageSource>
}

const keptDeploys = 50
/** Progress reaches the screen about this often. */
const changeEveryMs = 100

/** Deploys that run and those that ended lately, newest first. */
export class DeployRunner {
  readonly #parts: DeployParts
  #runs: DeployRun[] = []
  readonly #lastTold = new Map<string, { state: string; at: number; timer?: NodeJS.Timeout }>()

  constructor(parts: DeployParts) {
    this.#parts = parts
  }

  /** Starts and returns at once. Throws when the server is not known. */
  start({ serverId, app, openSource }: DeployRequest): Deploy {
    if (!this.#parts.servers.names().some(({ id }) => id === serverId)) throw notFound('server', serverId)
    return this.#run({ id: randomUUID(), serverId, appName: app }, { kind: 'folder', openSource })
  }

  /** Goes on with what a desktop before this one was doing when it ended: its servers have. */
  async findUnfinished(): Promise<void> {
    const known = new Set(this.#parts.servers.names().map(({ id }) => id))
    for (const found of (await this.#parts.unfinished?.findLeft()) ?? []) {
      const { source: _source, build: _build, ...start } = found
      if (known.has(found.serverId)) this.#run(start, { kind: 'found', found })
      else await this.#parts.unfinished?.forget(found.id)
    }
  }

  #run(start: ConstructorParameters<typeof DeployProgress>[0], beginning: DeployStart): Deploy {
    const progress: DeployProgress = new DeployProgress(start, () => this.#tell(progress.deploy))
    const run = new DeployRun(this.#parts, progress, beginning)
    this.#runs = [run, ...this.#runs].filter((one, index) => index < keptDeploys || one.deploy.state === 'running')
    this.#tell(run.deploy)
    return run.deploy
  }

  list({ serverId, app }: { serverId?: string | undefined; app?: string | undefined } = {}): Deploy[] {
    return this.#runs
      .map((run) => run.deploy)
      .filter((deploy) => serverId === undefined || deploy.serverId === serverId)
      .filter((deploy) => app === undefined || deploy.appName === app || deploy.appId === app)
  }

  async cancel(deployId: string): Promise<Deploy> {
    const run = this.#find(deployId)
    await run.cancel()
    return run.deploy
  }

  /** The build's output from its start, live until the deploy ends. */
  output(deployId: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#find(deployId).output.follow(signal)
  }

  /** The deploy once it has ended. */
  async finished(deployId: string): Promise<Deploy> {
    const run = this.#find(deployId)
    await run.finished
    return run.deploy
  }

  async close(): Promise<void> {
    await Promise.all(this.#runs.map((run) => run.close()))
    for (const { timer } of this.#lastTold.values()) clearTimeout(timer)
    this.#lastTold.clear()
  }

  #find(deployId: string): DeployRun {
    const run = this.#runs.find(({ deploy }) => deploy.id === deployId)
    if (!run) throw notFound('deploy', deployId.slice(0, 64))
    return run
  }

  /** Stages and ends at once, bytes in between at a pace that a screen can follow. */
  #tell(deploy: Deploy): void {
    const state = `${deploy.stage} ${deploy.state} ${deploy.step}`
    const last = this.#lastTold.get(deploy.id)
    const now = performance.now()
    if (last?.state === state && now - last.at < changeEveryMs) {
      last.timer ??= setTimeout(() => {
        this.#lastTold.delete(deploy.id)
        this.#emit(deploy)
      }, changeEveryMs)
      return
    }
    clearTimeout(last?.timer)
    if (deploy.state === 'running') this.#lastTold.set(deploy.id, { state, at: now })
    else this.#lastTold.delete(deploy.id)
    this.#emit(deploy)
  }

  #emit({ serverId, appId }: Deploy): void {
    this.#parts.changes.emit({ topic: 'deploys', serverId, appId: appId === '' ? null : appId })
  }
}
