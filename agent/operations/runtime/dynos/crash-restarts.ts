import { restartDelayMs } from '../../../core/dynos/crash-back-off.ts'
import type { DynoRow } from '../../../core/ports/store.ts'
import type { PlatformPorts } from '../../platform.ts'
import type { PlatformSettings } from '../../settings.ts'
import type { Background } from '../background.ts'
import { untilWritten } from '../insist.ts'
import type { DynoRecords } from './dyno-records.ts'
import type { Launch } from './launch.ts'

export interface RestartPorts extends Pick<PlatformPorts, 'store' | 'clock' | 'chance'> {
  readonly settings: PlatformSettings
  readonly background: Background
  readonly records: DynoRecords
  /** Starts the process of a row in its turn and follows it until it is up; what goes wrong is in the row. */
  readonly bringUp: (row: DynoRow, launch: Launch) => Promise<void>
}

/** Starts crashed dynos of the formation again, the later the oftener they crash. */
export class CrashRestarts {
  readonly #ports: RestartPorts
  /** Dynos whose starter decides what follows if they crash. */
  readonly #onTrial = new Set<string>()

  constructor(ports: RestartPorts) {
    this.#ports = ports
  }

  putOnTrial(id: string): void {
    this.#onTrial.add(id)
  }

  forget(id: string): void {
    this.#onTrial.delete(id)
  }

  /** From now on a crash of this one leads to a restart. */
  accept(id: string): void {
    this.#onTrial.delete(id)
    const row = this.#ports.records.find(id)
    if (row?.state === 'crashed') this.#schedule(row)
  }

  /** `row` is as it was before the crash. */
  onCrash(row: DynoRow): void {
    if (!this.#onTrial.has(row.id)) this.#schedule(row)
  }

  /** Starts one at once that was crashed when the agent before this one ended; its back-off goes on where it stood. */
  retry({ id, name, restarts }: DynoRow): void {
    this.#ports.background.run(`starting ${name} again`, () => this.#restart(id, restarts + 1))
  }

  /** How long it was up decides where its back-off stands. */
  #schedule(row: DynoRow): void {
    const { clock, chance, background, settings } = this.#ports
    if (row.kind !== 'formation' || row.isLeaving) return
    const upMs = row.state === 'up' ? clock.uptime() - row.startedUptimeMs : 0
    const restarts = upMs >= settings.stableMs ? 0 : row.restarts
    background.run(`starting ${row.name} again`, async () => {
      await clock.delay(restartDelayMs(restarts, chance()), background.signal)
      await this.#restart(row.id, restarts + 1)
    })
  }

  async #restart(id: string, restarts: number): Promise<void> {
    const begun = await untilWritten(this.#ports, () => this.#replace(id, restarts))
    if (begun) await this.#ports.bringUp(begun.row, begun.launch)
  }

  /** Null when it was scaled away, stopped or replaced while it waited. */
  #replace(id: string, restarts: number): { row: DynoRow; launch: Launch } | null {
    const { store, records } = this.#ports
    const row = records.find(id)
    if (row?.state !== 'crashed' || row.isLeaving) return null
    const app = store.apps.byId(row.appId)
    const release = store.releases.byId(row.releaseId)
    if (!app || !release) return null
    const launch: Launch = { ...row, app, release, restarts, lastCrash: row.reason }
    return { row: records.replace(id, launch), launch }
  }
}
