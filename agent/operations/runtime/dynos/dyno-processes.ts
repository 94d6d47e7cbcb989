import { HearthError } from '../../../contract/errors.ts'
import { commandIn, imageFor } from '../../../core/builds/image-reference.ts'
import { isDiskFull } from '../../../core/dynos/dyno-disk.ts'
import { logTexts } from '../../../core/logs/log-texts.ts'
import type { DynoExit, DynoTerminal } from '../../../core/ports/dynos/dyno-runner.ts'
import type { DynoRow } from '../../../core/ports/store.ts'
import { DamagedSlug } from '../../../core/releases/damaged-slug.ts'
import type { PlatformPorts } from '../../platform.ts'
import type { PlatformSettings } from '../../settings.ts'
import { type InsistPorts, insist } from '../insist.ts'
import type { Routes } from '../routing/routes.ts'
import { explain } from '../steps.ts'
import type { DynoRecords } from './dyno-records.ts'
import { renderInsideSpec, renderSpec } from './dyno-spec.ts'
import { DynoWatches, type Ending, type Watch } from './dyno-watches.ts'
import type { Launch, StartedProcess } from './launch.ts'

export interface ProcessPorts
  extends Pick<PlatformPorts, 'store' | 'runner' | 'slugs' | 'logs' | 'report' | 'clock'>,
    InsistPorts {
  readonly settings: PlatformSettings
  readonly records: DynoRecords
  readonly routes: Routes
}

/** The processes of the dynos: starts them, hears of them, ends them. */
export class DynoProcesses {
  readonly #ports: ProcessPorts
  readonly #watches: DynoWatches

  constructor(ports: ProcessPorts) {
    this.#ports = ports
    this.#watches = new DynoWatches(ports.logs)
  }

  /** What the runner reports of this one will be understood. */
  expect(row: DynoRow): void {
    this.#watches.open(row)
  }

  /** The process of an expected dyno is not there. */
  dismiss(id: string): void {
    this.#watches.forget(id)
  }

  /** Starts the process of a row. Where it can't be started the row says why, and the error too. */
  async launch(row: DynoRow, launch: Launch): Promise<StartedProcess> {
    const { records, report } = this.#ports
    const watch = this.#watches.open(row, launch.follow)
    records.log(row, logTexts.starting(row.command, launch.insideOf?.name))
    const launched = this.#run(row, launch)
    // A stop that comes meanwhile waits for this.
    watch.launched = launched.catch(() => undefined)
    try {
      return { terminal: await launched, exit: watch.exit.promise }
    } catch (error) {
      if (error instanceof DamagedSlug) records.log(row, logTexts.checksumError(error))
      if (!(error instanceof HearthError)) report(`starting ${row.name} failed`, error)
      records.change(row.id, { kind: 'refused', message: `could not be started: ${explain(error)}` })
      this.#watches.forget(row.id)
      throw error instanceof HearthError ? error : new HearthError('internal', explain(error), { cause: error })
    }
  }

  /** How a dyno that runs will have ended. */
  exit(id: string): Promise<DynoExit> {
    return this.#watches.exit(id)
  }

  onOutput(id: string, bytes: Uint8Array): void {
    this.#watches.onOutput(id, bytes)
  }

  onExit(reported: DynoExit): void {
    const { logs, records } = this.#ports
    const watch = this.#watches.get(reported.id)
    // Who waits for its end hears why it was killed.
    const exit = watch?.ending === 'excess' ? { ...reported, outOfMemory: true } : reported
    const row = records.find(exit.id)
    if (row) {
      logs.endOutput(row.appId, row.id)
      this.#logExit(row, exit, watch)
      if (!watch?.ending) insist(this.#ports, `recording the end of ${row.name}`, () => this.#recordExit(row, exit))
    }
    this.#watches.end(exit)
  }

  /** True when the process is certainly gone; `how` is told in the log. */
  async end(row: DynoRow | null, id: string, how: Ending): Promise<boolean> {
    const { records, runner, settings, report } = this.#ports
    const watch = this.#watches.get(id)
    if (!watch) return true
    watch.ending = how
    await watch.launched
    if (row) records.log(row, how === 'hung-up' ? logTexts.clientGone : logTexts.stopping)
    try {
      await runner.stop(id, settings.stopGraceMs)
    } catch (error) {
      report(`stopping the dyno ${row?.name ?? id} failed`, error)
      return false
    }
    this.#watches.end({ id, status: null, signal: 'SIGTERM', outOfMemory: false })
    return true
  }

  /** It did not listen in time: what else it does no longer matters. */
  async giveUp(row: DynoRow, timeoutMs: number): Promise<void> {
    await this.#kill(row, 'killed', logTexts.bootTimeout(timeoutMs))
  }

  /** It uses so much memory that it takes it from others. */
  async endExcess(row: DynoRow): Promise<void> {
    await this.#kill(row, 'excess', logTexts.memoryVastlyExceeded)
    this.#recordExit(row, { id: row.id, status: null, signal: 'SIGKILL', outOfMemory: true })
  }

  async #kill(row: DynoRow, why: 'killed' | 'excess', said: string): Promise<void> {
    const { records, runner, report } = this.#ports
    records.log(row, said)
    records.log(row, logTexts.killing)
    const watch = this.#watches.get(row.id)
    if (watch) watch.ending = why
    await runner.stop(row.id, 0).catch((error: unknown) => {
      report(`killing ${row.name} failed`, error)
    })
  }

  async #run(row: DynoRow, launch: Launch): Promise<DynoTerminal | null> {
    const { store, runner, slugs, settings, routes } = this.#ports
    const { insideOf, terminal } = launch
    const configVars = store.releases.configVars(launch.release.id)
    const slug = launch.release.slugId ? store.slugs.byId(launch.release.slugId) : null
    if (!slug) throw new HearthError('conflict', `Release v${launch.release.version} has no code to run; deploy first.`)
    const { memoryMultiple } = settings
    const defaultHostname = routes.defaultHostname(launch.app)
    const parts = { row, launch, configVars, memoryMultiple, defaultHostname, command: commandIn(slug, row) }
    if (insideOf && terminal) {
      const inside = renderInsideSpec({ ...parts, launch: { ...launch, insideOf, terminal } })
      return (await runner.startInside(inside)).terminal
    }
    const tree = await slugs.open(slug)
    // By the setting of now, not by that of when something was begun.
    const { podman: usesPodman } = store.apps.byId(launch.app.id) ?? launch.app
    const image = imageFor(slug, row.type)
    const spec = renderSpec({ ...parts, tree, usesPodman, image })
    const started = await runner.start(spec)
    store.dynos.update(row.id, { address: started.address })
    return started.terminal
  }

  #logExit(row: DynoRow, exit: DynoExit, watch: Watch | undefined): void {
    const { records, settings } = this.#ports
    if (exit.outOfMemory && watch?.ending !== 'excess') {
      records.log(row, logTexts.memoryVastlyExceeded)
      records.log(row, logTexts.killing)
    } else if (exit.outlivedGrace && (watch?.ending === 'asked' || watch?.ending === 'hung-up')) {
      records.log(row, watch.ending === 'asked' ? logTexts.exitTimeout(settings.stopGraceMs) : logTexts.detached)
      records.log(row, logTexts.killingRest)
    }
    if (exit.disk && isDiskFull(exit.disk)) records.log(row, logTexts.diskFull(exit.disk))
    records.log(row, logTexts.exited(exit))
  }

  #recordExit(row: DynoRow, exit: DynoExit): void {
    const { records } = this.#ports
    if (row.kind === 'formation') records.change(row.id, { kind: 'exited', exit })
    else records.complete(row)
  }
}
