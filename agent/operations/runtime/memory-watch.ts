import { limitsOf } from '../../core/dyno-size.ts'
import { logTexts } from '../../core/log-texts.ts'
import { describeExceeded, judgeMemory } from '../../core/memory.ts'
import type { DynoUsage } from '../../core/ports/dyno-runner.ts'
import type { DynoRow } from '../../core/ports/store.ts'
import type { PlatformPorts } from '../platform.ts'
import type { PlatformSettings } from '../settings.ts'
import type { Background } from './background.ts'
import type { DynoProcesses } from './dyno-processes.ts'
import type { DynoRecords } from './dyno-records.ts'

export interface MemoryPorts extends Pick<PlatformPorts, 'store' | 'runner' | 'clock' | 'report'> {
  readonly settings: PlatformSettings
  readonly background: Background
  readonly records: DynoRecords
  readonly processes: DynoProcesses
}

/** Looks at what dynos use every now and then: more than their size grants is told (R14), far more ends them (R15). */
export class MemoryWatch {
  readonly #ports: MemoryPorts

  constructor(ports: MemoryPorts) {
    this.#ports = ports
  }

  open(): void {
    const { background, clock, settings } = this.#ports
    background.run('watching the memory of dynos', async () => {
      for (;;) {
        await clock.delay(settings.memorySampleMs, background.signal)
        await this.#look()
      }
    })
  }

  async #look(): Promise<void> {
    const { store, report } = this.#ports
    const running = store.dynos.listAll().filter(({ state }) => state === 'up' || state === 'starting')
    for (const { id, name } of running) {
      await this.#lookAt(id).catch((error: unknown) => report(`looking at the memory of ${name} failed`, error))
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
    const verdict = judgeMemory(usage, { memoryBytes, memoryMaximumBytes: memoryBytes * settings.memoryMultiple })
    if (verdict === 'within') return records.tell(row, null)
    records.log(row, logTexts.memoryUsed(usage.memoryBytes, memoryBytes))
    if (verdict === 'vastly-exceeded') {
      return background.run(`ending ${row.name}`, () => processes.endExcess(row))
    }
    records.log(row, logTexts.memoryExceeded)
    records.tell(row, describeExceeded(usage.memoryBytes, memoryBytes))
  }
}
