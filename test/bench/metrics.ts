// npm run bench -- metrics: what keeping figures over time costs an agent with a hundred busy apps of two dynos each: the CPU of
// a minute (asking dynos is in `footprint`), the file when all its rings are full, and how long a chart waits for its figures.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { mergeSamples, type Sample } from '../../agent/core/metrics/sample.ts'
import { coarser, coarseStep, finest, finestSteps, isLastIn, type Tier, tiers } from '../../agent/core/metrics/tier.ts'
import { TrafficCounter } from '../../agent/core/metrics/traffic.ts'
import type { MetricsStore, SeriesOwner } from '../../agent/core/ports/metrics-store.ts'
import { openMetricsStore } from '../../agent/sqlite/metrics.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { median, round } from './figures/statistics.ts'

const apps = Array.from({ length: 100 }, () => crypto.randomUUID())
const start = 178_000_000

export async function bench({ runs, say, onEnd }: BenchContext): Promise<Figures> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hearth-bench-'))
  onEnd(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'metrics.db')
  const store = openMetricsStore(file, (problem, cause) => say(`${problem}: ${cause}`))
  onEnd(() => store.close())
  say('filling the rings')
  for (const tier of tiers) fill(store, tier)
  // A quarter of an hour, so that each roll-up has its share.
  const steps = 90 * (runs ?? 4)
  const before = process.cpuUsage()
  for (let step = start; step < start + steps; step += 1) record(store, step)
  const { user, system } = process.cpuUsage(before)
  const reads = Array.from({ length: 50 }, (_, index) => timeRead(store, apps[index] ?? null))
  const bytes = statSync(file).size + statSync(`${file}-wal`).size
  return {
    minute_cpu_ms: round((user + system) / 1000 / (steps / 6)),
    file_mb: round(bytes / 1e6),
    app_kb: round(bytes / 1e3 / apps.length),
    read_hour_p50_ms: round(median(reads)),
    n: steps,
  }
}

function makeSamples(): Map<SeriesOwner, Sample> {
  const all = new Map<SeriesOwner, Sample>()
  for (const owner of [null, ...apps]) {
    const counter = new TrafficCounter()
    for (let request = 0; request < 200; request += 1)
      counter.count(request % 50 === 0 ? 503 : 200, 2 + Math.random() ** 4 * 400)
    const dyno = (name: string) => ({
      name,
      memoryBytes: 5e7 + Math.random() * 1e7,
      memoryLimitBytes: 2 ** 29,
      cpu: Math.random(),
    })
    const dynos = owner === null ? [] : [dyno('web.1'), dyno('web.2')]
    all.set(owner, { traffic: counter.take(), trafficSteps: 1, dynos, machine: null })
  }
  return all
}

function fill(store: MetricsStore, tier: Tier): void {
  const samples = makeSamples()
  const last = tier === finest ? start : coarseStep(start, tier)
  for (let step = last - tier.slots; step < last; step += 1) store.transaction(() => store.put(tier, step, samples))
}

/** As the agent's recorder does it. */
function record(store: MetricsStore, step: number): void {
  const samples = makeSamples()
  store.transaction(() => {
    store.put(finest, step, samples)
    for (const tier of coarser.filter((one) => isLastIn(step, one))) {
      const ended = coarseStep(step, tier)
      const merged = new Map<SeriesOwner, Sample>()
      for (const owner of store.owners()) {
        const parts = store.read(finest, owner, finestSteps(ended, tier))
        merged.set(owner, mergeSamples(parts.map(({ sample }) => sample)))
      }
      store.put(tier, ended, merged)
    }
  })
}

function timeRead(store: MetricsStore, owner: SeriesOwner): number {
  const at = performance.now()
  store.read(finest, owner, { from: start, to: start + finest.slots - 1 })
  return performance.now() - at
}
