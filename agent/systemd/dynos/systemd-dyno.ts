import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { HearthError } from '../../contract/errors.ts'
import { outputLimits } from '../../core/logs/output-limits.ts'
import type { ContainerEngine } from '../../core/ports/dynos/container-engine.ts'
import type { DynoExit, DynoListener, DynoTerminal, DynoUsage } from '../../core/ports/dynos/dyno-runner.ts'
import type { FifoReader } from '../../exec/fifo.ts'
import { readPaced } from '../../exec/paced-reading.ts'
import type { SystemBus, UnitChange } from '../system-bus.ts'
import { countOomKills, readUsage } from './dyno-cgroup.ts'
import { readDisk } from './dyno-disk.ts'
import type { DynoRecord } from './dyno-record.ts'
import { unmountRoot } from './dyno-root.ts'
import {
  type Contained,
  describeStartFailure,
  endedWell,
  firstSystemdStatus,
  readUnitState,
  type UnitState,
} from './unit-state.ts'

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
  readonly #engine: ContainerEngine
  readonly #hasLegacyCgroups: boolean
  readonly #onError: (error: unknown) => void
  readonly #ended = new AbortController()
  readonly #isStarted = Promise.withResolvers<boolean>()
  readonly #end = Promise.withResolvers<Extract<UnitState, { kind: 'ended' }>>()
  /** Resolves when its unit, its output and its folder are gone and that was reported. */
  readonly gone: Promise<void>
  #properties: UnitChange = {}
  #wasKilledByUs = false
  #outlivedGrace = false
  #oomKillsBefore: number
  #controlGroup: string | null = null

  constructor(
    record: DynoRecord,
    options: {
      folder: string
      ends: DynoEnds
      listener: DynoListener
      engine: ContainerEngine
      hasLegacyCgroups: boolean
      onError: (error: unknown) => void
    },
  ) {
    this.record = record
    this.folder = options.folder
    this.#ends = options.ends
    this.#listener = options.listener
    this.#engine = options.engine
    this.#hasLegacyCgroups = options.hasLegacyCgroups
    this.#onError = options.onError
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
    const context = { wasKilledByUs: this.#wasKilledByUs, ...this.#contained, hasKernelKilled }
    this.#finish(readUnitState(this.#properties, context))
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
  async confirm(): Promise<void> {
    this.#isStarted.resolve(true)
    if (!this.#isContainer) return
    await this.#engine.confirm(this.folder).catch((error: unknown) => {
      // Killed meanwhile, and its folder with it.
      if (!this.ended.aborted) this.#onError(error)
    })
  }

  /**
   * The order to start it failed: the reason as an error, once all that was made for it is gone. Null when it ran after
   * all: systemd says the same of a command that exits with a failure at once.
   */
  async fail(bus: SystemBus, cause: unknown): Promise<HearthError | null> {
    // Not of a container's, which would have told.
    if (this.ended.aborted && !this.#isContainer) {
      const { status } = await this.#end.promise
      if (status === null || status < firstSystemdStatus) {
        this.#isStarted.resolve(true)
        return null
      }
    }
    this.#isStarted.resolve(false)
    await bus.stopUnit(this.unit).catch(() => {})
    if (!this.ended.aborted) this.forget()
    const { status } = await this.#end.promise
    await this.gone
    return new HearthError(
      'internal',
      `The dyno could not be started: ${describeStartFailure(status || null, this.record.usesPodman)}.`,
      {
        cause,
      },
    )
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
      this.#outlivedGrace = graceMs > 0
      await bus.killUnit(this.unit, 9)
    }
    await this.gone
  }

  /** Lets go of it without stopping it. */
  leave(): void {
    this.#ends.log?.release()
    this.#ends.log?.stream.destroy()
  }

  get #contained(): { contained?: Contained } {
    if (!this.record.usesPodman) return {}
    return { contained: this.record.insideOf === undefined ? 'container' : 'inside' }
  }

  get #isContainer(): boolean {
    return this.#contained.contained === 'container'
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
    await Promise.all([this.#drain(), this.#remove()])
    // What is left of a unit that was asked to end without us systemd kills by itself.
    const outlivedGrace = this.#outlivedGrace || this.#properties.Result === 'timeout'
    const exit: DynoExit = { id: this.record.id, status, signal, outOfMemory, outlivedGrace, disk }
    // A dyno that was never started is told of by the failure of its start.
    if (await this.#isStarted.promise) this.#listener.onExit(exit)
  }

  /** The folder last: as long as it is there, an agent will find what else is left. */
  async #remove(): Promise<void> {
    if (this.#isContainer) await this.#engine.remove(this.record.id).catch(this.#onError)
    await removeDynoFolder(this.folder)
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
