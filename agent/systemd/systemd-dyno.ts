import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { HearthError } from '../contract/errors.ts'
import { outputLimits } from '../core/output-limits.ts'
import type { DynoExit, DynoListener, DynoTerminal, DynoUsage } from '../core/ports/dyno-runner.ts'
import type { FifoReader } from '../exec/fifo.ts'
import { readPaced } from '../exec/paced-reading.ts'
import { countOomKills, readUsage } from './dyno-cgroup.ts'
import { readDisk } from './dyno-disk.ts'
import type { DynoRecord } from './dyno-record.ts'
import { unmountRoot } from './dyno-root.ts'
import type { SystemBus, UnitChange } from './system-bus.ts'
import { describeStartFailure, endedWell, firstSystemdStatus, readUnitState, type UnitState } from './unit-state.ts'

/** How long output may still come after the last process: what a pipe holds is read in far less. */
const drainMs = 2_000

export const unitOf = (dynoId: string) => `hearth-dyno-${dynoId}.service`

/** The streams of a dyno, from our side. */
export interface DynoEnds {
  readonly log: FifoReader | null
  readonly terminal: DynoTerminal | null
  /** No process of the dyno is left: whoever reads its output comes to an end. */
  release(): void
}

/** One dyno: what systemd tells of its unit, its output, its folder. */
export class SystemdDyno {
  readonly record: DynoRecord
  readonly folder: string
  readonly #ends: DynoEnds
  readonly #listener: DynoListener
  readonly #hasLegacyCgroups: boolean
  readonly #ended = new AbortController()
  readonly #isStarted = Promise.withResolvers<boolean>()
  readonly #end = Promise.withResolvers<Extract<UnitState, { kind: 'ended' }>>()
  /** Resolves when its unit, its output and its folder are gone and that was reported. */
  readonly gone: Promise<void>
  #properties: UnitChange = {}
  #wasKilledByUs = false
  #oomKillsBefore: number
  #controlGroup: string | null = null

  constructor(
    record: DynoRecord,
    options: { folder: string; ends: DynoEnds; listener: DynoListener; hasLegacyCgroups: boolean },
  ) {
    this.record = record
    this.folder = options.folder
    this.#ends = options.ends
    this.#listener = options.listener
    this.#hasLegacyCgroups = options.hasLegacyCgroups
    this.#oomKillsBefore = record.oomKillsBefore ?? 0
    const { stream } = options.ends.log ?? {}
    if (stream) readPaced(stream, outputLimits.read, (bytes) => options.listener.onOutput(record.id, bytes))
    stream?.on('error', () => {})
    this.gone = this.#waitUntilGone()
  }

  get unit(): string {
    return unitOf(this.record.id)
  }

  /** Aborts when the dyno's unit has ended. */
  get ended(): AbortSignal {
    return this.#ended.signal
  }

  /** What systemd told; later messages hold only what is new in them. */
  change(properties: UnitChange): void {
    this.#properties = { ...this.#properties, ...properties }
    // Without a state of its own the message is one half of two; the other is on its way.
    if (properties.ActiveState === undefined) return
    const hasKernelKilled = () => this.#hasLegacyCgroups && countOomKills() > this.#oomKillsBefore
    this.#finish(readUnitState(this.#properties, { wasKilledByUs: this.#wasKilledByUs, hasKernelKilled }))
  }

  async usage(bus: SystemBus): Promise<DynoUsage | null> {
    this.#controlGroup ??= String((await bus.readService(this.unit))?.ControlGroup ?? '') || null
    if (this.#controlGroup === null) return null
    // As long as it runs, what the kernel killed until now was somebody else's.
    const oomKills = this.#hasLegacyCgroups ? countOomKills() : 0
    const usage = await readUsage(this.#controlGroup, this.#hasLegacyCgroups)
    if (usage?.oomKills === 0) this.#oomKillsBefore = oomKills
    return usage && { ...usage, disk: await readDisk(this.folder) }
  }

  /** Its command runs, or ran. */
  confirm(): void {
    this.#isStarted.resolve(true)
  }

  /**
   * The order to start it failed: the reason as an error, once all that was made for it is gone. Null when it ran after
   * all: systemd says the same of a command that exits with a failure at once.
   */
  async fail(bus: SystemBus, cause: unknown): Promise<HearthError | null> {
    if (this.ended.aborted) {
      const { status } = await this.#end.promise
      if (status === null || status < firstSystemdStatus) {
        this.confirm()
        return null
      }
    }
    this.#isStarted.resolve(false)
    await bus.stopUnit(this.unit).catch(() => {})
    if (!this.ended.aborted) this.forget()
    const { status } = await this.#end.promise
    await this.gone
    return new HearthError('internal', `The dyno could not be started: ${describeStartFailure(status || null)}.`, {
      cause,
    })
  }

  forget(): void {
    this.#finish(endedWell)
  }

  async stop(bus: SystemBus, graceMs: number): Promise<void> {
    if (this.ended.aborted) return await this.gone
    if (graceMs > 0) await bus.stopUnit(this.unit)
    const grace = new AbortController()
    await Promise.race([this.gone, delay(graceMs, undefined, { signal: grace.signal }).catch(() => {})])
    grace.abort()
    if (!this.ended.aborted) {
      this.#wasKilledByUs = true
      await bus.killUnit(this.unit, 9)
    }
    await this.gone
  }

  /** Lets go of it without stopping it. */
  leave(): void {
    this.#ends.log?.release()
    this.#ends.log?.stream.destroy()
  }

  #finish(state: UnitState): void {
    if (state.kind === 'running') return
    this.#ended.abort()
    this.#end.resolve(state)
  }

  async #waitUntilGone(): Promise<void> {
    const { status, signal, outOfMemory } = await this.#end.promise
    this.#ends.release()
    const disk = await readDisk(this.folder)
    await Promise.all([this.#drain(), removeDynoFolder(this.folder)])
    const exit: DynoExit = { id: this.record.id, status, signal, outOfMemory, disk }
    // A dyno that was never started is told of by the failure of its start.
    if (await this.#isStarted.promise) this.#listener.onExit(exit)
  }

  async #drain(): Promise<void> {
    const { log } = this.#ends
    if (!log) return
    log.release()
    if (log.stream.closed) return
    const closed = new Promise<void>((resolve) => log.stream.once('close', resolve))
    await Promise.race([closed, delay(drainMs, undefined, { ref: false })])
    log.stream.destroy()
  }
}

export async function removeDynoFolder(folder: string): Promise<void> {
  await unmountRoot(folder)
  await rm(folder, { recursive: true, force: true })
}
