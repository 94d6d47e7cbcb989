import { dynoSizes, isDynoSize } from '../../core/dynos/dyno-size.ts'
import { type DynoSample, type MachineSample, mergeSamples, type Sample } from '../../core/metrics/sample.ts'
import { coarser, coarseStep, finest, finestSteps, isLastIn, type Tier } from '../../core/metrics/tier.ts'
import { type AppTraffic, addTraffic, noTraffic, type Traffic } from '../../core/metrics/traffic.ts'
import type { SeriesOwner } from '../../core/ports/metrics-store.ts'
import type { DynoRow } from '../../core/ports/store.ts'
import type { PlatformPorts } from '../platform.ts'
import type { Background } from './background.ts'

export interface RecorderPorts
  extends Pick<PlatformPorts, 'store' | 'metrics' | 'runner' | 'router' | 'machine' | 'clock' | 'report'> {
  readonly background: Background
}

/**
 * Looks at everything once in each step of the finest tier, and writes down what it saw. The router goes on counting while the
 * agent is away for a moment: what it then tells is of exactly the steps between.
 */
export class MetricsRecorder {
  readonly #ports: RecorderPorts
  /** When the traffic was last taken: at the end of a step that was written. */
  #lookedAtMs: number | null = null
  #lastStep: number | null = null
  /** As of the last look. */
  #dynoSeconds = new Map<string, number>()
  #machineSeconds: number | undefined
  #isFailing = false

  constructor(ports: RecorderPorts) {
    this.#ports = ports
  }

  start(): void {
    const { clock, metrics } = this.#ports
    const last = metrics.newestStep(finest, Math.floor(clock.now() / finest.stepMs))
    this.#lastStep = last
    this.#lookedAtMs = last === null ? null : (last + 1) * finest.stepMs
    this.#ports.background.run('recording metrics', () => this.#run())
  }

  async #run(): Promise<void> {
    const { clock, background } = this.#ports
    while (!background.signal.aborted) {
      await clock.delay(finest.stepMs - (clock.now() % finest.stepMs), background.signal)
      await this.#recordOrReport()
    }
  }

  /** A disk that stays full is told once. */
  async #recordOrReport(): Promise<void> {
    try {
      await this.#record()
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing) this.#ports.report('Metrics could not be recorded', error)
      this.#isFailing = true
    }
  }

  async #record(): Promise<void> {
    const { clock, metrics, background } = this.#ports
    const now = clock.now()
    // The step that has just ended; a timer may ring a moment early.
    const step = Math.round(now / finest.stepMs) - 1
    const windowMs = this.#lookedAtMs === null ? null : now - this.#lookedAtMs
    this.#lookedAtMs = now
    const samples = await this.#look(windowMs !== null && isShort(windowMs) ? windowMs / 1000 : null)
    if (background.signal.aborted) return
    metrics.transaction(() => {
      metrics.put(finest, step, samples)
      for (const tier of coarser) this.#rollUp(step, tier)
    })
    this.#lastStep = step
  }

  /** `seconds`: since the last look; null when there was none that can be compared with. */
  async #look(seconds: number | null): Promise<Map<SeriesOwner, Sample>> {
    const { store, router } = this.#ports
    const rows = store.dynos.listAll().filter(({ kind, isLeaving }) => kind === 'formation' && !isLeaving)
    const [told, machine, dynos] = await Promise.all([
      router.takeTraffic().catch(() => null),
      this.#lookAtMachine(seconds),
      this.#lookAtDynos(rows, seconds),
    ])
    const known = told?.filter(({ appId }) => store.apps.byId(appId)) ?? null
    const traffic = seconds === null || known === null ? null : { known, steps: stepsIn(seconds) }
    const samples = new Map<SeriesOwner, Sample>()
    for (const appId of new Set([...dynos.keys(), ...(traffic?.known ?? []).map((one) => one.appId)])) {
      samples.set(appId, { ...trafficOf(traffic, appId), dynos: dynos.get(appId) ?? [], machine: null })
    }
    return samples.set(null, { ...trafficOf(traffic), dynos: [], machine })
  }

  async #lookAtDynos(rows: readonly DynoRow[], seconds: number | null): Promise<Map<string, DynoSample[]>> {
    const { runner } = this.#ports
    const before = this.#dynoSeconds
    this.#dynoSeconds = new Map()
    const found = new Map<string, DynoSample[]>()
    const looks = rows.map(async (row) => ({ row, usage: await runner.usage(row.id).catch(() => null) }))
    for (const { row, usage } of await Promise.all(looks)) {
      if (!usage) continue
      this.#dynoSeconds.set(row.id, usage.cpuSeconds)
      const sample = {
        name: row.name,
        memoryBytes: usage.memoryBytes,
        memoryLimitBytes: isDynoSize(row.size) ? dynoSizes[row.size].memoryBytes : null,
        cpu: perSecond(before.get(row.id), usage.cpuSeconds, seconds),
      }
      found.set(row.appId, [...(found.get(row.appId) ?? []), sample])
    }
    return found
  }

  async #lookAtMachine(seconds: number | null): Promise<MachineSample> {
    const before = this.#machineSeconds
    const { memory, cpu, disk } = await this.#ports.machine.measure()
    this.#machineSeconds = cpu.busySeconds
    return {
      memoryBytes: memory.totalBytes - memory.availableBytes,
      memoryTotalBytes: memory.totalBytes,
      cpu: perSecond(before, cpu.busySeconds, seconds),
      cores: cpu.cores,
      diskBytes: disk.totalBytes - disk.freeBytes,
      diskTotalBytes: disk.totalBytes,
    }
  }

  /** A step of a coarser tier is made of what there is of it: when it ends, or when it has ended while no agent ran. */
  #rollUp(step: number, tier: Tier): void {
    const last = this.#lastStep
    const [before, current] = [last === null ? null : coarseStep(last, tier), coarseStep(step, tier)]
    if (last !== null && before !== null && before !== current && !isLastIn(last, tier)) this.#merge(before, tier)
    if (isLastIn(step, tier)) this.#merge(current, tier)
  }

  #merge(step: number, tier: Tier): void {
    const { metrics } = this.#ports
    const samples = new Map<SeriesOwner, Sample>()
    for (const owner of metrics.owners()) {
      const parts = metrics.read(finest, owner, finestSteps(step, tier))
      if (parts.length > 0) samples.set(owner, mergeSamples(parts.map(({ sample }) => sample)))
    }
    metrics.put(tier, step, samples)
  }
}

/** A clock that jumped, or an agent that was away for long: what was counted meanwhile is of an unknown time. */
function isShort(windowMs: number): boolean {
  return windowMs > finest.stepMs / 2 && windowMs < 6.5 * finest.stepMs
}

/** How many steps these seconds are: more than one when the agent was away for a moment and the router counted on. */
function stepsIn(seconds: number): number {
  return Math.max(1, Math.round((seconds * 1000) / finest.stepMs))
}

function trafficOf(
  told: { readonly known: readonly AppTraffic[]; readonly steps: number } | null,
  appId?: string,
): { traffic: Traffic | null; trafficSteps: number } {
  if (told === null) return { traffic: null, trafficSteps: 0 }
  const own = appId === undefined ? told.known : told.known.filter((one) => one.appId === appId)
  return { traffic: own.length > 0 ? addTraffic(own) : noTraffic, trafficSteps: told.steps }
}

/** Null where there is nothing to compare with, or it began anew. */
function perSecond(before: number | undefined, now: number, seconds: number | null): number | null {
  return before === undefined || seconds === null || now < before ? null : (now - before) / seconds
}
