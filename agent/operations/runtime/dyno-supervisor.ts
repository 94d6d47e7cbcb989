import { HearthError } from '../../contract/errors.ts'
import { restartDelayMs } from '../../core/crash-back-off.ts'
import { type DynoEvent, describeExit, next } from '../../core/dyno-state.ts'
import type { DynoExit } from '../../core/ports/dyno-runner.ts'
import type { DynoRow } from '../../core/ports/store.ts'
import type { PlatformPorts } from '../platform.ts'
import type { PlatformSettings } from '../settings.ts'
import type { Background } from './background.ts'
import { awaitBoot } from './boot-check.ts'
import { renderSpec } from './dyno-spec.ts'
import { DynoWatches, type Watch } from './dyno-watches.ts'
import type { EventHub } from './event-hub.ts'
import { type Launch, type StartedDyno, toDynoRow } from './launch.ts'
import type { Routes } from './routes.ts'
import type { StartSlots } from './start-slots.ts'
import { explain } from './steps.ts'

export interface SupervisorPorts
  extends Pick<PlatformPorts, 'store' | 'runner' | 'router' | 'slugs' | 'logs' | 'clock' | 'report'> {
  readonly settings: PlatformSettings
  readonly background: Background
  readonly events: EventHub
  readonly routes: Routes
  readonly starts: StartSlots
}

/** Starts and stops dynos, follows what happens to them, and starts crashed ones again. */
export class DynoSupervisor {
  readonly #ports: SupervisorPorts
  readonly #watches: DynoWatches
  /** Dynos whose starter decides what follows if they crash. */
  readonly #onTrial = new Set<string>()

  constructor(ports: SupervisorPorts) {
    this.#ports = ports
    this.#watches = new DynoWatches(ports.logs)
  }

  /**
   * Writes the row, then starts the process. A dyno on trial is its starter's business: a crash does not lead to a
   * restart, and when it can't even be started its row goes with the error.
   */
  async start(launch: Launch, isOnTrial: boolean): Promise<StartedDyno> {
    const row = this.#insert(launch)
    if (isOnTrial) this.#onTrial.add(row.id)
    try {
      const watch = await this.#launch(row, launch)
      return { row, exit: watch.exit.promise }
    } catch (error) {
      if (isOnTrial) await this.stop(row.id)
      throw error
    }
  }

  /** Resolves when the dyno is up. When it does not come up its row says why, and the error too. */
  async waitUntilUp(id: string, signal: AbortSignal): Promise<void> {
    const row = this.#ports.store.dynos.byId(id)
    if (!row) throw new HearthError('gone', `The dyno ${id} was stopped.`)
    if (row.state === 'up') return
    if (row.state !== 'starting') throw notUp(row.name, row.reason)
    const event = await awaitBoot(row, this.exit(id), this.#ports, signal)
    // An exit has been recorded by onExit, with all that follows from it.
    if (event.kind !== 'exited') this.change(id, event)
    if (event.kind === 'timed-out') await this.#giveUp(row)
    const after = this.#ports.store.dynos.byId(id)
    if (after?.state === 'up') return
    throw notUp(row.name, after?.reason ?? (event.kind === 'exited' ? describeExit(event.exit) : null))
  }

  /** Starts a formation dyno that nobody waits for; when it crashes it is started again. */
  launchInBackground(launch: Launch): void {
    const row = this.#insert(launch)
    this.#ports.background.run(`starting ${launch.app.name} ${launch.name}`, () => this.#bringUpInTurn(row, launch))
  }

  /** Web dynos first: requests wait for them. A slow one lets the others pass after a while. */
  async #bringUpInTurn(row: DynoRow, launch: Launch): Promise<void> {
    const { starts, store, background, clock, settings } = this.#ports
    const leave = await starts.take(row.type === 'web' ? 0 : 1)
    const now = store.dynos.byId(row.id)
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

  /** From now on a crash of these leads to a restart. */
  accept(ids: readonly string[]): void {
    for (const id of ids) {
      this.#onTrial.delete(id)
      const row = this.#ports.store.dynos.byId(id)
      if (row?.state === 'crashed') this.#scheduleRestart(row)
    }
  }

  /** Before the runner opens: what it reports of these will be understood. */
  expect(rows: readonly DynoRow[]): void {
    for (const row of rows) this.#watches.open(row)
  }

  /** The process of an expected dyno is not there. */
  dismiss(id: string): void {
    this.#watches.forget(id)
  }

  /** Takes up an expected dyno that runs since before this agent. */
  adopt(row: DynoRow): void {
    if (row.state !== 'starting') return
    this.#ports.background.run(`waiting for ${row.name}`, () => this.#awaitUp(row))
  }

  /** Stops the process and forgets the row; to be called for every row that is to go, whatever its state. */
  async stop(id: string): Promise<void> {
    const row = this.#ports.store.dynos.byId(id)
    if (!(await this.#end(row, id))) return
    this.#onTrial.delete(id)
    this.#ports.store.dynos.remove(id)
    if (row) this.#announce(row)
  }

  /** Stops the process and keeps the row, as `down`. */
  async takeDown(id: string): Promise<void> {
    this.change(id, { kind: 'stopped' })
    await this.#end(this.#ports.store.dynos.byId(id), id)
  }

  /** Takes the dynos out of the routes, lets their requests end, stops them. */
  async retire(rows: readonly DynoRow[]): Promise<void> {
    if (rows.length === 0) return
    for (const { id } of rows) this.#ports.store.dynos.update(id, { isLeaving: true })
    const web = rows.filter(({ type }) => type === 'web').map(({ id }) => id)
    if (web.length > 0) await this.#drain(web)
    await Promise.all(rows.map(({ id }) => this.stop(id)))
  }

  /** How a dyno that runs will have ended. */
  exit(id: string): Promise<DynoExit> {
    return this.#watches.exit(id)
  }

  onOutput(id: string, bytes: Uint8Array): void {
    this.#watches.onOutput(id, bytes)
  }

  onExit(exit: DynoExit): void {
    // What ends while the agent closes is found at its next start.
    if (this.#ports.background.signal.aborted) return
    const watch = this.#watches.get(exit.id)
    const row = this.#ports.store.dynos.byId(exit.id)
    if (row) {
      this.#ports.logs.endOutput(row.appId, row.id)
      this.#log(
        row,
        exit.signal === null ? `Process exited with status ${exit.status}` : `Process ${describeExit(exit)}`,
      )
    }
    if (row && !watch?.isStopping) this.#recordExit(row, exit)
    this.#watches.end(exit)
  }

  /** Feeds the state machine; the row, the log, the routes and the events follow. */
  change(id: string, event: DynoEvent): void {
    const { store } = this.#ports
    const row = store.dynos.byId(id)
    if (!row) return
    const { state, reason } = next(row.state, event)
    if (state === row.state) return
    store.dynos.update(id, { state, reason, updatedAt: this.#now() })
    this.#log(row, `State changed from ${row.state} to ${state}`)
    this.#announce(row)
    this.#tellRouter(row)
    if (state === 'crashed') this.#onCrash({ ...row, reason })
  }

  #onCrash(row: DynoRow): void {
    if (row.reason !== null) this.#log(row, `Error: the dyno ${row.reason}`)
    if (!this.#onTrial.has(row.id)) this.#scheduleRestart(row)
  }

  #recordExit(row: DynoRow, exit: DynoExit): void {
    if (row.kind === 'formation') {
      this.change(row.id, { kind: 'exited', exit })
      return
    }
    this.#log(row, `State changed from ${row.state} to complete`)
    this.#ports.store.dynos.remove(row.id)
    this.#announce(row)
  }

  /** `row` is as it was before the crash: how long it was up decides where its back-off stands. */
  #scheduleRestart(row: DynoRow): void {
    const { clock, background, settings } = this.#ports
    if (row.kind !== 'formation' || row.isLeaving) return
    const upMs = row.state === 'up' ? clock.now() - Date.parse(row.updatedAt) : 0
    const restarts = upMs >= settings.stableMs ? 0 : row.restarts
    background.run(`starting ${row.name} again`, async () => {
      await clock.delay(restartDelayMs(restarts), background.signal)
      await this.#restart(row.id, restarts + 1)
    })
  }

  async #restart(id: string, restarts: number): Promise<void> {
    const { store } = this.#ports
    const row = store.dynos.byId(id)
    // It may have been scaled away, stopped or replaced while it waited.
    if (row?.state !== 'crashed' || row.isLeaving) return
    const app = store.apps.byId(row.appId)
    const release = store.releases.byId(row.releaseId)
    if (!app || !release) return
    const launch: Launch = { ...row, app, release, restarts }
    const fresh = store.transaction(() => {
      store.dynos.remove(id)
      return this.#insert(launch)
    })
    this.#log(fresh, 'State changed from crashed to starting')
    await this.#bringUp(fresh, launch)
  }

  async #bringUp(row: DynoRow, launch: Launch): Promise<void> {
    // An app whose dynos all crashed is starting from now on: its requests are held instead of refused.
    this.#tellRouter(row)
    try {
      await this.#launch(row, launch)
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

  #insert(launch: Launch): DynoRow {
    const row = toDynoRow(launch, this.#now())
    this.#ports.store.dynos.insert(row)
    this.#announce(row)
    return row
  }

  async #launch(row: DynoRow, launch: Launch): Promise<Watch> {
    const watch = this.#watches.open(row, launch.follow)
    this.#log(row, `Starting process with command \`${row.command}\``)
    const launched = this.#run(row, launch)
    // A stop that comes meanwhile waits for this.
    watch.launched = launched.catch(() => undefined)
    try {
      await launched
      return watch
    } catch (error) {
      if (!(error instanceof HearthError)) this.#ports.report(`starting ${row.name} failed`, error)
      this.change(row.id, { kind: 'refused', message: `could not be started: ${explain(error)}` })
      this.#watches.forget(row.id)
      throw error instanceof HearthError ? error : new HearthError('internal', explain(error), { cause: error })
    }
  }

  async #run(row: DynoRow, launch: Launch): Promise<void> {
    const { store, runner, slugs } = this.#ports
    const slug = launch.release.slugId ? store.slugs.byId(launch.release.slugId) : null
    if (!slug) throw new HearthError('conflict', `Release v${launch.release.version} has no code to run; deploy first.`)
    const tree = await slugs.open(slug)
    const configVars = store.releases.configVars(launch.release.id)
    const { address } = await runner.start(renderSpec({ row, launch, tree, configVars }))
    store.dynos.update(row.id, { address })
  }

  async #drain(ids: readonly string[]): Promise<void> {
    const { routes, router, settings, report } = this.#ports
    try {
      await routes.apply()
      await router.drained(ids, settings.drainMs)
    } catch (error) {
      // The router is away, and so are its requests; it gets the newest table when it is back.
      report('draining dynos failed', error)
    }
  }

  /** It did not listen in time: what else it does no longer matters. */
  async #giveUp(row: DynoRow): Promise<void> {
    this.#log(row, 'Error R10 (Boot timeout) -> Web process failed to bind to $PORT in time')
    const watch = this.#watches.get(row.id)
    if (watch) watch.isStopping = true
    await this.#ports.runner.stop(row.id, 0).catch((error: unknown) => {
      this.#ports.report(`stopping ${row.name}, which did not listen in time, failed`, error)
    })
  }

  /** True when the process is certainly gone. */
  async #end(row: DynoRow | null, id: string): Promise<boolean> {
    const watch = this.#watches.get(id)
    if (!watch) return true
    watch.isStopping = true
    await watch.launched
    if (row) this.#log(row, 'Stopping all processes with SIGTERM')
    try {
      await this.#ports.runner.stop(id, this.#ports.settings.stopGraceMs)
    } catch (error) {
      this.#ports.report(`stopping the dyno ${row?.name ?? id} failed`, error)
      return false
    }
    this.#watches.end({ id, status: null, signal: 'SIGTERM', outOfMemory: false })
    return true
  }

  #tellRouter(row: DynoRow): void {
    const { background, routes } = this.#ports
    if (row.type === 'web' && !row.isLeaving) background.run('telling the router', () => routes.apply())
  }

  #log(row: DynoRow, text: string): void {
    this.#ports.logs.writeLine(row.appId, row.name, text)
  }

  #announce(row: DynoRow): void {
    this.#ports.events.changed('dynos', this.#ports.store.apps.byId(row.appId))
  }

  #now(): string {
    return new Date(this.#ports.clock.now()).toISOString()
  }
}

function notUp(name: string, reason: string | null): HearthError {
  return new HearthError('unavailable', `${name} ${reason ?? 'was stopped'}. The app's log has the details.`)
}
