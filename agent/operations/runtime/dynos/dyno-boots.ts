import { HearthError } from '../../../contract/errors.ts'
import { runsInJvm } from '../../../core/dynos/boot-timeout.ts'
import { describeExit } from '../../../core/dynos/dyno-state.ts'
import { limits } from '../../../core/limits.ts'
import type { DynoRow } from '../../../core/ports/store.ts'
import type { PlatformPorts } from '../../platform.ts'
import type { PlatformSettings } from '../../settings.ts'
import type { Background } from '../background.ts'
import { awaitBoot } from './boot-check.ts'
import type { DynoProcesses } from './dyno-processes.ts'
import type { DynoRecords } from './dyno-records.ts'
import type { Launch } from './launch.ts'
import type { StartSlots } from './start-slots.ts'

/**
 * Of a core: who takes less while it starts waits for something, and to start beside others makes neither slower. So little that
 * one which gets next to nothing on a busy machine is not taken for it: to start more there would only make it busier.
 */
const idleShare = 0.02

export interface BootPorts extends Pick<PlatformPorts, 'store' | 'runner' | 'clock'> {
  readonly settings: PlatformSettings
  readonly background: Background
  readonly records: DynoRecords
  readonly processes: DynoProcesses
}

/** Brings dynos up, each in its turn, and says when they are. */
export class DynoBoots {
  readonly #ports: BootPorts

  constructor(ports: BootPorts) {
    this.#ports = ports
  }

  /**
   * Starts the process of a row when its turn comes; resolves when it is up. Its time to boot counts from then. When it does not
   * come up its row says why, and the error too. A signal that aborts lets go of its turn and stops nothing.
   */
  async bringUp(row: DynoRow, launch: Launch, slots: StartSlots, signal: AbortSignal): Promise<void> {
    const { records, processes } = this.#ports
    if (slots.isTaken) records.tell(row, 'waits for its turn to start')
    const leave = await slots.take({ appId: row.appId, rank: rankOf(row) }, signal)
    const controller = new AbortController()
    try {
      signal.throwIfAborted()
      records.tell(this.#requireWanted(row), null)
      // An app whose dynos all crashed is starting from now on: its requests are held instead of refused.
      records.tellRouter(row)
      await processes.launch(row, launch)
      // Not before: on a busy machine its process may take long to be there, and computes nothing until then.
      this.#letPass(row, AbortSignal.any([signal, controller.signal])).then(leave, leave)
      await this.waitUntilUp(row.id, signal)
    } finally {
      controller.abort()
      leave()
    }
  }

  /** The same for nobody who waits: what goes wrong is in the row. */
  async bringUpUnwatched(row: DynoRow, launch: Launch, slots: StartSlots): Promise<void> {
    await toldInRow(this.bringUp(row, launch, slots, this.#ports.background.signal))
  }

  /** Waits for one that runs since before this agent. */
  async followUnwatched(row: DynoRow): Promise<void> {
    await toldInRow(this.waitUntilUp(row.id, this.#ports.background.signal))
  }

  async waitUntilUp(id: string, signal: AbortSignal): Promise<void> {
    const { records, processes } = this.#ports
    const row = records.find(id)
    if (!row) throw new HearthError('gone', `The dyno ${id} was stopped.`)
    if (row.state === 'up') return
    if (row.state !== 'starting') throw notUp(row.name, row.reason)
    const timeoutMs = this.#bootTimeoutMs(row)
    const event = await awaitBoot(row, processes.exit(id), { ...this.#ports, timeoutMs }, signal)
    if (event.kind === 'timed-out') await processes.giveUp(row, timeoutMs)
    // An exit has been recorded by onExit, with all that follows from it.
    if (event.kind !== 'exited') records.change(id, event)
    const after = records.find(id)
    if (after?.state === 'up') return
    throw notUp(row.name, after?.reason ?? (event.kind === 'exited' ? describeExit(event.exit) : null))
  }

  /** It may have been stopped, scaled away or replaced while it waited. */
  #requireWanted({ id, name }: DynoRow): DynoRow {
    const now = this.#ports.records.find(id)
    if (now?.state !== 'starting' || now.isLeaving) throw notUp(name, null)
    return now
  }

  /** Resolves when those after it need not wait any longer: it computes nothing, though it is not up. */
  async #letPass({ id }: DynoRow, signal: AbortSignal): Promise<void> {
    const { clock, runner, settings } = this.#ports
    const lookMs = settings.startSlotMs / 2
    for (let before: number | null = null; ; ) {
      await clock.delay(lookMs, signal)
      const usage = await runner.usage(id).catch(() => null)
      const seconds = usage?.cpuSeconds ?? 0
      // What it computed until the first look was its own start, as every program has one.
      if (before !== null && (seconds - before) * 1000 < lookMs * idleShare) return
      before = seconds
    }
  }

  #bootTimeoutMs({ releaseId }: DynoRow): number {
    const { store, settings } = this.#ports
    const slugId = store.releases.byId(releaseId)?.slugId
    const slug = slugId ? store.slugs.byId(slugId) : null
    return slug && runsInJvm(slug) ? settings.jvmBootTimeoutMs : settings.bootTimeoutMs
  }
}

/** Web dynos first, since requests wait for them, and of several the first. */
function rankOf({ type, name }: DynoRow): number {
  return (type === 'web' ? 0 : limits.dynosPerApp) + Number(name.split('.')[1])
}

async function toldInRow(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof HearthError)) throw error
  }
}

/** Of a dyno that was to be up. Without a reason it is gone. */
export function notUp(name: string, reason: string | null): HearthError {
  return new HearthError('unavailable', `${name} ${reason ?? 'was stopped'}. The app's log has the details.`)
}
