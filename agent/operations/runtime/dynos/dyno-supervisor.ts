import { HearthError } from '../../../contract/errors.ts'
import { type DynoEvent, describeExit } from '../../../core/dynos/dyno-state.ts'
import { logTexts } from '../../../core/logs/log-texts.ts'
import type { DynoExit } from '../../../core/ports/dynos/dyno-runner.ts'
import type { DynoRow } from '../../../core/ports/store.ts'
import type { PlatformPorts } from '../../platform.ts'
import type { PlatformSettings } from '../../settings.ts'
import type { Background } from '../background.ts'
import type { EventHub } from '../event-hub.ts'
import type { Routes } from '../routing/routes.ts'
import { CrashRestarts } from './crash-restarts.ts'
import { DynoBoots, notUp } from './dyno-boots.ts'
import { DynoProcesses } from './dyno-processes.ts'
import { DynoRecords } from './dyno-records.ts'
import type { Ending } from './dyno-watches.ts'
import type { Launch, StartedProcess } from './launch.ts'
import type { StartSlots } from './start-slots.ts'
import { UsageWatch } from './usage-watch.ts'

export interface SupervisorPorts
  extends Pick<PlatformPorts, 'store' | 'runner' | 'router' | 'slugs' | 'logs' | 'clock' | 'chance' | 'report'> {
  readonly settings: PlatformSettings
  readonly background: Background
  readonly events: EventHub
  readonly routes: Routes
  readonly starts: StartSlots
  /** Of web dynos that requests wait for: they take turns with each other only. */
  readonly wakes: StartSlots
}

/** A dyno whose starter decides what follows if it does not come up. */
export interface Trial {
  readonly row: DynoRow
  readonly launch: Launch
}

/** Starts dynos and stops them, and says when they are up. */
export class DynoSupervisor {
  readonly #ports: SupervisorPorts
  readonly #records: DynoRecords
  readonly #processes: DynoProcesses
  readonly #boots: DynoBoots
  readonly #restarts: CrashRestarts
  readonly #usage: UsageWatch
  /** By dyno: whoever else wants its end waits for the same. */
  readonly #stops = new Map<string, Promise<void>>()

  constructor(ports: SupervisorPorts) {
    this.#ports = ports
    const records = new DynoRecords({ ...ports, onCrash: (row) => this.#restarts.onCrash(row) })
    this.#records = records
    this.#processes = new DynoProcesses({ ...ports, records })
    this.#usage = new UsageWatch({ ...ports, records, processes: this.#processes })
    this.#boots = new DynoBoots({ ...ports, records, processes: this.#processes })
    this.#restarts = new CrashRestarts({
      ...ports,
      records,
      bringUp: (row, launch) => this.#boots.bringUpUnwatched(row, launch, ports.starts),
    })
  }

  /** Starts a one-off dyno at once: somebody waits for it. When it can't even be started its row goes with the error. */
  async start(launch: Launch): Promise<StartedProcess & { readonly row: DynoRow }> {
    const row = this.reserve(launch)
    return { row, ...(await this.begin(row, launch)) }
  }

  /** Writes the row of a dyno that is to `begin` later, or to be given up by `cancel`. */
  reserve(launch: Launch): DynoRow {
    return this.#records.insert(launch)
  }

  /** Starts the process of a reserved one-off dyno. When it can't be started its row goes with the error. */
  async begin(row: DynoRow, launch: Launch): Promise<StartedProcess> {
    if (!this.isReserved(row)) throw new HearthError('gone', `${row.name} was stopped before its terminal was opened.`)
    try {
      return await this.#processes.launch(row, launch)
    } catch (error) {
      await this.stop(row.id)
      throw error
    }
  }

  /** Whether a reserved dyno's row is still there. */
  isReserved(row: DynoRow): boolean {
    return this.#records.find(row.id) !== null
  }

  cancel(row: DynoRow): void {
    this.#records.complete(row)
  }

  /**
   * Writes the rows of dynos that their starter is to `bringUp`, and to accept or stop: a crash of one on trial does not lead to a
   * restart.
   */
  putOnTrial(launches: readonly Launch[]): Trial[] {
    const trials = this.#ports.store.transaction(() =>
      launches.map((launch) => ({ row: this.#records.insert(launch), launch })),
    )
    for (const { row } of trials) this.#restarts.putOnTrial(row.id)
    return trials
  }

  /**
   * Resolves when all are up, each started in its turn. When one does not come up, or does not stay so until then, the error says
   * which and why, and those that wait for their turn are not started any more; nor are they when the signal aborts. None is being started afterwards.
   */
  async bringUp(trials: readonly Trial[], signal: AbortSignal): Promise<void> {
    const { starts, background } = this.#ports
    const controller = new AbortController()
    const stopWaiting = AbortSignal.any([signal, background.signal, controller.signal])
    const boots = trials.map(async ({ row, launch }) => {
      await this.#boots.bringUp(row, launch, starts, stopWaiting)
      // It may end while others wait for their turn.
      void this.exit(row.id).then((exit) => controller.abort(notUp(row.name, describeExit(exit))))
    })
    await Promise.all(boots.map((boot) => boot.catch((error: unknown) => controller.abort(error))))
    // The reason is the first failure, or why the signal aborted.
    stopWaiting.throwIfAborted()
  }

  /** Starts a formation dyno in its turn; resolves when it is up. When it does not come up it is started again, as after any crash. */
  async startInTurn(launch: Launch, signal: AbortSignal): Promise<void> {
    const { starts, background } = this.#ports
    const row = this.#records.insert(launch)
    await this.#boots.bringUp(row, launch, starts, AbortSignal.any([signal, background.signal]))
  }

  /** The same for nobody who waits. */
  launchInBackground(launch: Launch): void {
    const { starts, background } = this.#ports
    const row = this.#records.insert(launch)
    background.run(`starting ${launch.app.name} ${launch.name}`, () =>
      this.#boots.bringUpUnwatched(row, launch, starts),
    )
  }

  /** Stops dynos of the formation that are up; what is left of them waits to be woken. */
  async putToSleep(rows: readonly DynoRow[]): Promise<void> {
    for (const row of rows) this.#records.putToSleep(row)
    await this.retire(rows)
  }

  /** Starts a dyno that sleeps. Requests wait for those of web: of many apps the first one each, before their others. */
  wake(idle: DynoRow, parts: Pick<Launch, 'app' | 'release'>): void {
    const { starts, wakes, background } = this.#ports
    const { name, type, command, size } = idle
    const launch: Launch = { name, type, command, size, kind: 'formation', ...parts }
    this.#records.log(idle, logTexts.unidling)
    const row = this.#records.replace(idle.id, launch, 'down')
    background.run(`waking ${parts.app.name} ${name}`, () =>
      this.#boots.bringUpUnwatched(row, launch, type === 'web' ? wakes : starts),
    )
  }

  /** From now on a crash of these leads to a restart. */
  accept(ids: readonly string[]): void {
    for (const id of ids) this.#restarts.accept(id)
  }

  /** Starts a dyno again that the agent before this one left crashed. */
  retry(row: DynoRow): void {
    this.dismiss(row.id)
    this.#restarts.retry(row)
  }

  /** Before the runner opens: what it reports of these will be understood. */
  expect(rows: readonly DynoRow[]): void {
    for (const row of rows) this.#processes.expect(row)
  }

  /** The process of an expected dyno is not there. */
  dismiss(id: string): void {
    this.#processes.dismiss(id)
  }

  /** Begins to look after what all that run use. */
  watchUsage(): void {
    this.#usage.open()
  }

  /** Takes up an expected dyno that runs since before this agent. */
  adopt(row: DynoRow): void {
    if (row.state !== 'starting') return
    this.#ports.background.run(`waiting for ${row.name}`, () => this.#boots.followUnwatched(row))
  }

  /** Stops the process and forgets the row; to be called for every row that is to go, whatever its state. */
  stop(id: string, how: Ending = 'asked'): Promise<void> {
    const stopping = this.#stops.get(id) ?? this.#stop(id, how).finally(() => this.#stops.delete(id))
    this.#stops.set(id, stopping)
    return stopping
  }

  /** Takes the dynos out of the routes, lets their requests end, stops them. */
  async retire(rows: readonly DynoRow[]): Promise<void> {
    if (rows.length === 0) return
    for (const { id } of rows) this.#ports.store.dynos.update(id, { isLeaving: true })
    const web = rows.filter(({ type }) => type === 'web')
    if (web.length > 0) await this.#drain(web)
    await Promise.all(rows.map(({ id }) => this.stop(id)))
  }

  /** How a dyno that runs will have ended. */
  exit(id: string): Promise<DynoExit> {
    return this.#processes.exit(id)
  }

  onOutput(id: string, bytes: Uint8Array): void {
    this.#processes.onOutput(id, bytes)
  }

  onExit(exit: DynoExit): void {
    // What ends while the agent closes is found at its next start.
    if (!this.#ports.background.signal.aborted) this.#processes.onExit(exit)
  }

  /** Feeds the state machine; the row, the log, the routes and the events follow. */
  change(id: string, event: DynoEvent): void {
    this.#records.change(id, event)
  }

  async #stop(id: string, how: Ending): Promise<void> {
    const row = this.#records.find(id)
    if (!(await this.#processes.end(row, id, how))) return
    this.#restarts.forget(id)
    if (row) this.#records.remove(row)
  }

  async #drain(rows: readonly DynoRow[]): Promise<void> {
    const { routes, router, settings, report } = this.#ports
    const apps = new Set(rows.map(({ appId }) => appId))
    try {
      for (const appId of apps) await routes.apply(appId)
      await router.drained(
        rows.map(({ id }) => id),
        settings.drainMs,
      )
    } catch (error) {
      // The router is away, and so are its requests; it gets the newest table when it is back.
      report('draining dynos failed', error)
    }
  }
}
