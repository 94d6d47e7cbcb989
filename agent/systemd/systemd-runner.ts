import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { HearthError } from '../contract/errors.ts'
import type { ContainerEngine } from '../core/ports/dynos/container-engine.ts'
import type {
  DynoListener,
  DynoRunner,
  DynoSpec,
  DynoUsage,
  InsideSpec,
  RunningDyno,
  StartedDyno,
} from '../core/ports/dynos/dyno-runner.ts'
import { openFifo } from '../exec/fifo.ts'
import { waitUntilAccepting } from '../exec/listening.ts'
import { AppAccounts } from './apps/app-accounts.ts'
import { AppPlaces } from './apps/app-places.ts'
import { countOomKills, describeUnkept, hasLegacyCgroups, readControllers } from './dynos/dyno-cgroup.ts'
import { type DynoRecord, readRecords } from './dynos/dyno-record.ts'
import { type PreparedDyno, prepareDyno, prepareInside } from './dynos/start-dyno.ts'
import { type DynoEnds, removeDynoFolder, SystemdDyno } from './dynos/systemd-dyno.ts'
import type { ServerNetwork } from './network/server-network.ts'
import { SystemBus } from './system-bus.ts'

export interface SystemdRunnerOptions {
  /** On a file system that a reboot empties, as it ends all dynos: `/run/hearth`. */
  readonly runFolder: string
  /** Keeps which app has which user: `/var/lib/hearth`. */
  readonly stateFolder: string
  /** Opened with the runner; closed by whoever made it. */
  readonly network: ServerNetwork
  /** For dynos of apps that chose it. */
  readonly engine: ContainerEngine
  readonly onError: (error: unknown) => void
}

const reopenDelayMs = 500

/** Runs dynos as transient units. They belong to systemd, not to the agent, and outlive it. */
export class SystemdRunner implements DynoRunner {
  readonly #options: SystemdRunnerOptions
  readonly #places: AppPlaces
  readonly #dynos = new Map<string, SystemdDyno>()
  #bus: SystemBus
  #listener: DynoListener | null = null
  #hasLegacyCgroups = false
  #unkept = ''

  constructor(options: SystemdRunnerOptions) {
    this.#options = options
    const accounts = new AppAccounts(path.join(options.stateFolder, 'app-accounts.json'))
    this.#places = new AppPlaces(accounts, options.network, path.join(options.runFolder, 'apps'))
    this.#bus = this.#createBus()
  }

  get sandbox(): string {
    return `systemd units: own root, user and network per app, no privileges, limits kept by the kernel.${this.#unkept}${this.#options.network.problems}`
  }

  async open(listener: DynoListener): Promise<readonly RunningDyno[]> {
    this.#listener = listener
    await mkdir(this.#dynosFolder, { recursive: true, mode: 0o700 })
    this.#hasLegacyCgroups = await hasLegacyCgroups()
    this.#unkept = describeUnkept(this.#hasLegacyCgroups, await readControllers(this.#hasLegacyCgroups))
    await Promise.all([this.#bus.open(), this.#places.open()])
    const found = await readRecords(this.#dynosFolder)
    const adopted = await Promise.all(
      found.map(({ folder, record }) => (record ? this.#adopt(record, folder) : removeDynoFolder(folder))),
    )
    return adopted.filter((dyno) => dyno !== undefined)
  }

  async requirePodman(): Promise<void> {
    await this.#options.engine.require()
  }

  async start(spec: DynoSpec): Promise<StartedDyno> {
    this.#refuseWhenStopping()
    const { app } = spec
    const place = await this.#places.prepare(app, spec.tree)
    const address = spec.listens ? { host: place.host, port: this.#places.takePort(app.id) } : null
    const record = {
      id: spec.id,
      appId: app.id,
      name: spec.name,
      address,
      isAttached: spec.terminal !== null,
      oomKillsBefore: countOomKills(),
      usesPodman: spec.usesPodman || spec.image !== undefined,
      ...(spec.image && { image: spec.image }),
    }
    const folder = this.#folderOf(spec.id)
    try {
      return await this.#run(record, await prepareDyno(spec, { folder, record, ...place }, this.#options.engine))
    } catch (error) {
      if (address) this.#places.releasePort(app.id, address.port)
      await removeDynoFolder(folder)
      throw error
    }
  }

  async startInside(spec: InsideSpec): Promise<StartedDyno> {
    this.#refuseWhenStopping()
    const named = this.#find(spec.dynoId)
    // Inside of what is inside is inside of the same dyno.
    const dyno = named.record.insideOf === undefined ? named : this.#find(named.record.insideOf)
    const { id: insideOf, appId, usesPodman = false, image } = dyno.record
    const own = {
      address: null,
      isAttached: true,
      oomKillsBefore: countOomKills(),
      insideOf,
      usesPodman,
      ...(image && { image }),
    }
    const record = { id: spec.id, appId, name: spec.name, ...own }
    const folder = this.#folderOf(spec.id)
    try {
      const account = this.#places.accountOf(appId)
      return await this.#run(record, await prepareInside(spec, dyno, { folder, record, account }, this.#options.engine))
    } catch (error) {
      await removeDynoFolder(folder)
      // Whatever systemd makes of a root that has just gone.
      throw dyno.ended.aborted ? goneError(insideOf, error) : error
    }
  }

  async waitUntilListening(dynoId: string, signal: AbortSignal): Promise<void> {
    const dyno = this.#find(dynoId)
    const { address } = dyno.record
    if (!address) throw new HearthError('internal', `Dyno ${dynoId} has no port to listen on.`)
    await waitUntilAccepting(address, AbortSignal.any([signal, dyno.ended])).catch((error: unknown) => {
      if (signal.aborted) throw error
      throw new HearthError('unavailable', 'The dyno exited before it listened on its port.', { cause: error })
    })
  }

  async stop(dynoId: string, graceMs: number): Promise<void> {
    await this.#dynos.get(dynoId)?.stop(this.#bus, graceMs)
  }

  async usage(dynoId: string): Promise<DynoUsage | null> {
    return (await this.#dynos.get(dynoId)?.usage(this.#bus)) ?? null
  }

  /** Takes the app's user and network off the server; its dynos must be stopped. */
  async destroyApp(appId: string): Promise<void> {
    await this.#places.destroy(appId)
  }

  async close(): Promise<void> {
    this.#listener = null
    for (const dyno of this.#dynos.values()) dyno.leave()
    this.#dynos.clear()
    this.#bus.close()
  }

  get #dynosFolder(): string {
    return path.join(this.#options.runFolder, 'dynos')
  }

  #folderOf(dynoId: string): string {
    return path.join(this.#dynosFolder, dynoId)
  }

  #refuseWhenStopping(): void {
    if (!this.#listener) throw new HearthError('unavailable', 'The agent is stopping: no dyno is started any more.')
  }

  /** Null when it has ended meanwhile, or was a one-off whose terminal went with the earlier agent. */
  async #adopt(record: DynoRecord, folder: string): Promise<RunningDyno | undefined> {
    const log = record.isAttached ? null : openFifo(path.join(folder, 'output'))
    const dyno = this.#add(record, folder, { log, terminal: null, release: () => {} })
    await dyno.confirm()
    if (record.address) this.#places.keepPort(record.appId, record.address.port)
    await this.#refresh(dyno)
    if (record.isAttached) await dyno.stop(this.#bus, 0)
    if (!dyno.ended.aborted) return { id: record.id, address: record.address }
    await dyno.gone
    return undefined
  }

  #add(record: DynoRecord, folder: string, ends: DynoEnds): SystemdDyno {
    const listener = this.#listener
    if (!listener) throw new HearthError('unavailable', 'The agent is stopping.')
    const dyno = new SystemdDyno(record, {
      folder,
      ends,
      listener,
      engine: this.#options.engine,
      hasLegacyCgroups: this.#hasLegacyCgroups,
      onError: this.#options.onError,
    })
    this.#dynos.set(record.id, dyno)
    void dyno.ended.addEventListener('abort', () => void this.#remove(dyno), { once: true })
    return dyno
  }

  async #remove(dyno: SystemdDyno): Promise<void> {
    const { id } = dyno.record
    // systemd has asked them to end; without the dyno they are nowhere, so that is all the grace there is.
    const inside = [...this.#dynos.values()].filter(({ record }) => record.insideOf === id)
    void Promise.all(inside.map((each) => each.stop(this.#bus, 0))).catch(this.#options.onError)
    // A failed unit is kept by systemd until somebody has looked, so that an agent which was away hears of it too.
    await this.#bus.resetFailed(dyno.unit).catch(this.#options.onError)
    await this.#bus.unwatch(dyno.unit).catch(this.#options.onError)
    await dyno.gone.catch(this.#options.onError)
    this.#dynos.delete(id)
    const { appId, address } = dyno.record
    if (address) this.#places.releasePort(appId, address.port)
  }

  async #run(record: DynoRecord, { properties, ends }: PreparedDyno): Promise<StartedDyno> {
    const dyno = this.#add(record, this.#folderOf(record.id), ends)
    const mode = record.insideOf === undefined ? 'fail' : 'ignore-dependencies'
    try {
      await this.#bus.watch(dyno.unit)
      await this.#bus.startTransientUnit(dyno.unit, properties, mode)
      await dyno.confirm()
    } catch (cause) {
      const failure = await dyno.fail(this.#bus, cause)
      if (failure) throw failure
    }
    return { id: record.id, address: record.address, terminal: ends.terminal }
  }

  /** How a dyno's unit is that an earlier agent or an earlier connection knew; what changes from now on is heard. */
  async #refresh(dyno: SystemdDyno): Promise<void> {
    await this.#bus.watch(dyno.unit)
    const properties = await this.#bus.readService(dyno.unit)
    if (properties) dyno.change(properties)
    else dyno.forget()
  }

  /** At a daemon-reload, which every installed package may bring, systemd says this of all units, and has them again. */
  #lookAfterRemoval(unit: string): void {
    const dyno = this.#byUnit(unit)
    if (dyno && !dyno.ended.aborted) void this.#refresh(dyno).catch(this.#options.onError)
  }

  #find(dynoId: string): SystemdDyno {
    const dyno = this.#dynos.get(dynoId)
    if (!dyno || dyno.ended.aborted) throw goneError(dynoId)
    return dyno
  }

  #byUnit(unit: string): SystemdDyno | undefined {
    const id = /^hearth-dyno-(.+)\.service$/.exec(unit)?.[1]
    return id === undefined ? undefined : this.#dynos.get(id)
  }

  #createBus(): SystemBus {
    return new SystemBus(
      {
        onChange: (unit, change) => this.#byUnit(unit)?.change(change),
        onRemoved: (unit) => this.#lookAfterRemoval(unit),
      },
      (error) => void this.#reopenBus(error),
    )
  }

  /** The bus was restarted. Dynos don't notice; what happened to them meanwhile is asked afterwards. */
  async #reopenBus(error: unknown): Promise<void> {
    this.#options.onError(error)
    while (this.#listener) {
      await delay(reopenDelayMs, undefined, { ref: false })
      this.#bus = this.#createBus()
      try {
        await this.#bus.open()
        for (const dyno of [...this.#dynos.values()]) await this.#refresh(dyno)
        return
      } catch (reopenError) {
        this.#options.onError(reopenError)
      }
    }
  }
}

function goneError(dynoId: string, cause?: unknown): HearthError {
  return new HearthError('gone', `Dyno ${dynoId} does not run any more.`, { cause })
}
