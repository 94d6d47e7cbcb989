import { HearthError } from '../../../contract/errors.ts'
import { runsInJvm } from '../../../core/dynos/boot-timeout.ts'
import { type DynoEvent, describeExit } from '../../../core/dynos/dyno-state.ts'
import { logTexts } from '../../../core/logs/log-texts.ts'
import type { DynoExit } from '../../../core/ports/dynos/dyno-runner.ts'
import type { DynoRow } from '../../../core/ports/store.ts'
import type { PlatformPorts } from '../../platform.ts'
import type { PlatformSettings } from '../../settings.ts'
import type { Background } from '../background.ts'
import type { EventHub } from '../event-hub.ts'
import type { Routes } from '../routing/routes.ts'
import { awaitBoot } from './boot-check.ts'
import { CrashRestarts } from './crash-restarts.ts'
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

/** Starts dynos and stops them, and says when they are up. */
export class DynoSupervisor {
  readonly #ports: SupervisorPorts
  readonly #records: DynoRecords
  readonly #processes: DynoProcesses
  readonly #restarts: CrashRestarts
  readonly #usage: UsageWatch

  constructor(ports: SupervisorPorts) {
    this.#ports = ports
    const records = new DynoRecords({ ...ports, onCrash: (row) => this.#restarts.onCrash(row) })
    this.#records = records
    this.#processes = new DynoProcesses({ ...ports, records })
    this.#usage = new UsageWatch({ ...ports, records, processes: this.#processes })
    this.#restarts = new CrashRestarts({
      ...ports,
      records,
      bringUp: (row, launch) => this.#bringUpInTurn(row, launch),
    })
  }

  /**
   * Writes the row, then starts the process. A dyno on trial is its starter's business: a crash does not lead to a
   * restart, and when it can't even be started its row goes with the error.
   */
  async start(launch: Launch, isOnTrial: boolean): Promise<StartedProcess & { readonly row: DynoRow }> {
    const row = this.reserve(launch)
    if (isOnTrial) this.#restarts.putOnTrial(row.id)
    try {
      return { row, ...(await this.#processes.launch(row, launch)) }
    } catch (error) {
      if (isOnTrial) await this.stop(row.id)
      throw error
    }
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

  /** Resolves when the dyno is up. When it does not come up its row says why, and the error too. */
  async waitUntilUp(id: string, signal: AbortSignal): Promise<void> {
    const row = this.#records.find(id)
    if (!row) throw new HearthError('gone', `The dyno ${id} was stopped.`)
    if (row.state === 'up') return
    if (row.state !== 'starting') throw notUp(row.name, row.reason)
    const timeoutMs = this.#bootTimeoutMs(row)
    const event = await awaitBoot(row, this.exit(id), { ...this.#ports, timeoutMs }, signal)
    if (event.kind === 'timed-out') await this.#processes.giveUp(row, timeoutMs)
    // An exit has been recorded by onExit, with all that follows from it.
    if (event.kind !== 'exited') this.change(id, event)
    const after = this.#records.find(id)
    if (after?.state === 'up') return
    throw notUp(row.name, after?.reason ?? (event.kind === 'exited' ? describeExit(event.exit) : null))
  }

  /** Starts a formation dyno that nobody waits for; when it crashes it is started again. */
  launchInBackground(launch: Launch): void {
    const row = this.#records.insert(launch)
    this.#ports.background.run(`starting ${launch.app.name} ${launch.name}`, () => this.#bringUpInTurn(row, launch))
  }

  /** Stops dynos of the formation that are up; what is left of them waits to be woken. */
  async putToSleep(rows: readonly DynoRow[]): Promise<void> {
    for (const row of rows) this.#records.putToSleep(row)
    await this.retire(rows)
  }

  /** Starts a dyno that sleeps. Requests wait for those of web: of many apps the first one each, before their others. */
  wake(idle: DynoRow, parts: Pick<Launch, 'app' | 'release'>): void {
    const { wakes } = this.#ports
    const { name, type, command, size } = idle
    const launch: Launch = { name, type, command, size, kind: 'formation', ...parts }
    this.#records.log(idle, logTexts.unidling)
    const row = this.#records.replace(idle.id, launch, 'down')
    this.#ports.background.run(`waking ${parts.app.name} ${name}`, () =>
      type === 'web' ? this.#bringUpInTurn(row, launch, wakes.take(numberOf(name))) : this.#bringUpInTurn(row, launch),
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
    this.#ports.background.run(`waiting for ${row.name}`, () => this.#awaitUp(row))
  }

  /** Stops the process and forgets the row; to be called for every row that is to go, whatever its state. */
  async stop(id: string, how: Ending = 'asked'): Promise<void> {
    const row = this.#records.find(id)
    if (!(await this.#processes.end(row, id, how))) return
    this.#restarts.forget(id)
    if (row) this.#records.remove(row)
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

  /** Web dynos first: requests wait for them. A slow one lets the others pass after a while. */
  async #bringUpInTurn(
    row: DynoRow,
    launch: Launch,
    turn = this.#ports.starts.take(row.type === 'web' ? 0 : 1),
  ): Promise<void> {
    const { background, clock, settings } = this.#ports
    const leave = await turn
    const now = this.#records.find(row.id)
    // It may have been stopped, scaled away or replaced while it waited.
    const isWanted = now?.state === 'starting' && !now.isLeaving && !background.signal.aborted
    const controller = new AbortController()
    if (isWanted) {
      clock.delay(settings.startSlotMs, AbortSignal.any([controller.signal, background.signal])).then(leave, leave)
    }
    try {
      if (isWanted) await this.#bringUp(row, launch)
    } finally {
      controller.abort()
      leave()
    }
  }

  #bootTimeoutMs({ releaseId }: DynoRow): number {
    const { store, settings } = this.#ports
    const slugId = store.releases.byId(releaseId)?.slugId
    const slug = slugId ? store.slugs.byId(slugId) : null
    return slug && runsInJvm(slug) ? settings.jvmBootTimeoutMs : settings.bootTimeoutMs
  }

  async #bringUp(row: DynoRow, launch: Launch): Promise<void> {
    // An app whose dynos all crashed is starting from now on: its requests are held instead of refused.
    this.#records.tellRouter(row)
    try {
      await this.#processes.launch(row, launch)
    } catch (error) {
      // The row says why, and its restart is scheduled.
      if (!(error instanceof HearthError)) throw error
      return
    }
    await this.#awaitUp(row)
  }

  async #awaitUp(row: DynoRow): Promise<void> {
    try {
      await this.waitUntilUp(row.id, this.#ports.background.signal)
    } catch (error) {
      if (!(error instanceof HearthError)) throw error
    }
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

/** 2 of `web.2`. */
const numberOf = (name: string) => Number(name.split('.')[1])

function notUp(name: string, reason: string | null): HearthError {
  return new HearthError('unavailable', `${name} ${reason ?? 'was stopped'}. The app's log has the details.`)
}
