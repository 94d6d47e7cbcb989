import { describeFullDisk, isDiskFull } from '../../../core/dynos/dyno-disk.ts'
import { limitsOf } from '../../../core/dynos/dyno-size.ts'
import { describeExceeded, judgeMemory } from '../../../core/dynos/memory.ts'
import { logTexts } from '../../../core/logs/log-texts.ts'
import { followLoad, type LoadAverage } from '../../../core/metrics/load-average.ts'
import type { DynoUsage } from '../../../core/ports/dynos/dyno-runner.ts'
import type { DynoRow } from '../../../core/ports/store.ts'
import type { PlatformPorts } from '../../platform.ts'
import type { PlatformSettings } from '../../settings.ts'
import type { Background } from '../background.ts'
import type { DynoProcesses } from './dyno-processes.ts'
import type { DynoRecords } from './dyno-records.ts'

export interface UsagePorts extends Pick<PlatformPorts, 'store' | 'runner' | 'clock' | 'report'> {
  readonly settings: PlatformSettings
  readonly background: Background
  readonly records: DynoRecords
  readonly processes: DynoProcesses
}

/**
 * Looks at what dynos use every now and then: more memory than their size grants is told (R14), far more ends them (R15), and a disk
 * that is full is told. What an app wants to have in its log of these figures is written there.
 */
export class UsageWatch {
  readonly #ports: UsagePorts
  /** Dynos whose full disk was told in the log. */
  readonly #full = new Set<string>()
  /** Of dynos whose figures are told in the log. */
  readonly #loads = new Map<string, LoadAverage>()

  constructor(ports: UsagePorts) {
    this.#ports = ports
  }

  open(): void {
    const { background, clock, settings } = this.#ports
    background.repeat('watching what dynos use', { clock, everyMs: settings.memorySampleMs }, () => this.#look())
  }

  async #look(): Promise<void> {
    const { store, report } = this.#ports
    const running = store.dynos.listAll().filter(({ state }) => state === 'up' || state === 'starting')
    const ids = new Set(running.map(({ id }) => id))
    for (const known of [this.#full, this.#loads]) for (const id of known.keys()) if (!ids.has(id)) known.delete(id)
    for (const { id, name } of running) {
      await this.#lookAt(id).catch((error: unknown) => report(`looking at what ${name} uses failed`, error))
    }
  }

  async #lookAt(id: string): Promise<void> {
    const { runner, records } = this.#ports
    const usage = await runner.usage(id)
    // It may have ended, or be on its way out, since the round began.
    const row = records.find(id)
    if (usage && row && !row.isLeaving && (row.state === 'up' || row.state === 'starting')) this.#judge(row, usage)
  }

  #judge(row: DynoRow, usage: DynoUsage): void {
    const { records, processes, settings, background } = this.#ports
    const { memoryBytes } = limitsOf(row.size)
    this.#logFigures(row, usage, memoryBytes)
    const verdict = judgeMemory(usage, { memoryBytes, memoryMaximumBytes: memoryBytes * settings.memoryMultiple })
    if (verdict !== 'within') records.log(row, logTexts.memoryUsed(usage.memoryBytes, memoryBytes))
    if (verdict === 'vastly-exceeded') return background.run(`ending ${row.name}`, () => processes.endExcess(row))
    if (verdict === 'exceeded') records.log(row, logTexts.memoryExceeded)
    const memory = verdict === 'exceeded' ? describeExceeded(usage.memoryBytes, memoryBytes) : null
    const reasons = [memory, this.#judgeDisk(row, usage)].filter((reason) => reason !== null)
    records.tell(row, reasons.length > 0 ? reasons.join(', and ') : null)
  }

  /** For apps that want it: what programs that read Heroku's logs make charts and alarms of. */
  #logFigures(row: DynoRow, usage: DynoUsage, grantedBytes: number): void {
    const { store, records, clock } = this.#ports
    if (!store.apps.byId(row.appId)?.logRuntimeMetrics) {
      this.#loads.delete(row.id)
      return
    }
    const load = followLoad(this.#loads.get(row.id), usage.cpuSeconds, clock.uptime())
    this.#loads.set(row.id, load)
    records.log(row, logTexts.loadSampled(row, load.averages))
    records.log(row, logTexts.memorySampled(row, usage, grantedBytes))
  }

  /** Told once each time that it becomes full: it is full until somebody does something about it. */
  #judgeDisk(row: DynoRow, { disk }: DynoUsage): string | null {
    if (!disk || !isDiskFull(disk)) {
      this.#full.delete(row.id)
      return null
    }
    if (!this.#full.has(row.id)) this.#ports.records.log(row, logTexts.diskFull(disk))
    this.#full.add(row.id)
    return describeFullDisk(disk)
  }
}
