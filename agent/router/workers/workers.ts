import type { AppTraffic } from '../../core/metrics/traffic.ts'
import type { RouterControl, RouterStatus, RoutingTable } from '../../core/ports/routing/router-control.ts'
import { openRouterControl } from '../control/control-client.ts'
import { followLog } from '../control/follow-log.ts'
import { judgeWorkers } from './judge-workers.ts'

/** Another process of the router, which takes connections from the same listeners. */
export interface WorkerProcess {
  readonly controlPath: string
  readonly exit: Promise<unknown>
  /** Lets it finish what is under way. */
  stop(): void
}

export interface WorkersOptions {
  /** Processes with the first one. */
  readonly min: number
  readonly max: number
  /** `number` is 2 for the second process. */
  start(number: number): Promise<WorkerProcess>
  onLogLines(lines: Buffer): void
  onWarning(message: string): void
}

interface Worker {
  readonly number: number
  readonly process: WorkerProcess
  readonly control: RouterControl
  isStopping: boolean
}

/** How often the work is looked at. */
export const judgeMs = 5000
const restartMs = 200

/**
 * The router's processes beside the first one: as many as the work needs, each with a core. Every one has the whole table, and a
 * control socket that the first one speaks to as the agent speaks to the first.
 */
export class Workers {
  private readonly options: WorkersOptions
  private workers: Worker[] = []
  private wanted: number
  private quiet = 0
  private isClosed = false
  private starting: Promise<void> | null = null
  private table: RoutingTable | null = null

  constructor(options: WorkersOptions) {
    this.options = options
    this.wanted = options.min
  }

  /** With the table to begin with; what is missing is started. */
  open(table: RoutingTable): void {
    this.table = table
    this.keepUp()
  }

  /** Resolves once all processes that are there route by this table. */
  async apply(table: RoutingTable): Promise<void> {
    this.table = table
    await Promise.all(this.workers.map(({ control }) => control.apply(table).catch(() => {}))) // It ended; the next one gets it.
  }

  async drained(dynoIds: readonly string[], deadlineMs: number): Promise<boolean> {
    const answers = this.workers.map(({ control }) => control.drained(dynoIds, deadlineMs).catch(() => true))
    return (await Promise.all(answers)).every(Boolean)
  }

  /** What each process hears; one that ends, or is started meanwhile, is asked the next time. */
  askWanted(signal: AbortSignal): Promise<readonly string[]>[] {
    const never = new Promise<never>(() => {})
    return this.workers.map(({ control }) => control.wanted(signal).catch(() => never))
  }

  async statuses(): Promise<RouterStatus[]> {
    const answers = await Promise.all(this.workers.map(({ control }) => control.status().catch(() => null)))
    return answers.filter((status) => status !== null)
  }

  /** What a process counted after the last time and before its end is lost. */
  async takeTraffic(): Promise<AppTraffic[]> {
    return (await Promise.all(this.workers.map(({ control }) => control.takeTraffic().catch(() => [])))).flat()
  }

  /** `busy`: the part of the time that the first process had something to do. */
  async judge(busy: number): Promise<void> {
    const all = [busy, ...(await this.statuses()).map((status) => status.busy)]
    const { change, quiet } = judgeWorkers({ busy: all, quiet: this.quiet, wanted: this.wanted, ...this.options })
    this.quiet = quiet
    this.wanted += change
    this.keepUp()
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.starting
    const exits = this.workers.map(({ process }) => process.exit)
    for (const worker of this.workers) this.stop(worker)
    await Promise.all(exits)
  }

  private keepUp(): void {
    if (this.isClosed || this.starting) return
    const active = this.workers.filter(({ isStopping }) => !isStopping)
    if (active.length + 1 > this.wanted) {
      const last = active.at(-1)
      if (last) this.stop(last)
    } else if (active.length + 1 < this.wanted) {
      this.starting = this.startOne()
        .catch((error: Error) =>
          this.options.onWarning(`Another process of the router could not start: ${error.message}`),
        )
        .finally(() => {
          this.starting = null
          if (active.length + 2 < this.wanted) this.keepUp()
        })
    }
  }

  private async startOne(): Promise<void> {
    const used = new Set(this.workers.map(({ number }) => number))
    let number = 2
    while (used.has(number)) number++
    const process = await this.options.start(number)
    const control = openRouterControl({ controlPath: process.controlPath, readsLog: false })
    const worker: Worker = { number, process, control, isStopping: false }
    this.workers.push(worker)
    void process.exit.then(() => this.onExit(worker))
    if (this.table) await control.apply(this.table)
    const unfollow = followLog(process.controlPath, (lines) => this.options.onLogLines(lines))
    void process.exit.then(unfollow)
  }

  private stop(worker: Worker): void {
    worker.isStopping = true
    worker.process.stop()
  }

  private onExit(worker: Worker): void {
    this.workers = this.workers.filter((other) => other !== worker)
    void worker.control.close()
    if (worker.isStopping || this.isClosed) return
    this.options.onWarning(
      'A process of the router ended, and the requests that it had begun with it; it is started again.',
    )
    setTimeout(() => this.keepUp(), restartMs).unref()
  }
}
