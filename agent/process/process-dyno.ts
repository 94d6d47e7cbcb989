import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { DynoAddress, DynoExit, DynoListener, DynoUsage } from '../core/ports/dyno-runner.ts'
import { killGroup } from '../exec/command.ts'
import type { Launched } from './launch.ts'
import { findProcesses, readUsage, signalProcesses, type TreeMark } from './process-tree.ts'

/** How long output may still come after the last process: what a pipe holds is read in far less. */
const drainMs = 2_000
const lookAgainMs = 10
const maximumLooks = 50

/** One running dyno: its processes, its output, its folder. */
export class ProcessDyno {
  readonly id: string
  readonly address: DynoAddress | null
  readonly #launched: Launched
  readonly #folder: string
  readonly #listener: DynoListener
  readonly #ended = new AbortController()
  /** Resolves when its processes, its output and its folder are gone and that was reported. */
  readonly gone: Promise<void>

  constructor(
    launched: Launched,
    dyno: { id: string; address: DynoAddress | null; folder: string; listener: DynoListener },
  ) {
    this.id = dyno.id
    this.address = dyno.address
    this.#launched = launched
    this.#folder = dyno.folder
    this.#listener = dyno.listener
    launched.log?.on('data', (chunk: Buffer) => dyno.listener.onOutput(dyno.id, chunk))
    launched.log?.on('error', () => {})
    this.gone = this.#waitUntilGone()
  }

  /** Tells its processes from all others. */
  get mark(): TreeMark {
    return this.#launched.mark
  }

  /** Aborts when the dyno's process has ended. */
  get ended(): AbortSignal {
    return this.#ended.signal
  }

  async usage(): Promise<DynoUsage | null> {
    return await readUsage(await findProcesses(this.#launched.mark))
  }

  async stop(graceMs: number): Promise<void> {
    const pids = await findProcesses(this.#launched.mark)
    // A shell at a terminal ignores SIGTERM; hanging up is how terminals end.
    if (this.#launched.isOnPty) signalProcesses(pids, 'SIGHUP')
    signalProcesses(pids, 'SIGTERM')
    const grace = new AbortController()
    await Promise.race([this.gone, delay(graceMs, undefined, { signal: grace.signal }).catch(() => {})])
    grace.abort()
    await this.#killAll()
    await this.gone
  }

  async #waitUntilGone(): Promise<void> {
    const { status, signal } = await this.#launched.exit
    this.#ended.abort()
    await this.#killAll()
    this.#launched.release()
    await this.#drain()
    await rm(this.#folder, { recursive: true, force: true })
    const exit: DynoExit = { id: this.id, status, signal, outOfMemory: false }
    this.#listener.onExit(exit)
  }

  async #killAll(): Promise<void> {
    const { mark } = this.#launched
    killGroup(mark.leaderPid, 'SIGKILL')
    signalProcesses(await findProcesses(mark), 'SIGKILL')
    // The kernel ends a namespace as a whole. Elsewhere a process that is just being made has no mark yet, and is looked for
    // until none was there twice.
    for (let looks = 0, quiet = 0; mark.pidNamespace === null && quiet < 2 && looks < maximumLooks; looks++) {
      await delay(lookAgainMs, undefined, { ref: false })
      const pids = await findProcesses(mark)
      signalProcesses(pids, 'SIGKILL')
      quiet = pids.length === 0 ? quiet + 1 : 0
    }
  }

  async #drain(): Promise<void> {
    const { log } = this.#launched
    if (!log || log.closed) return
    const closed = new Promise<void>((resolve) => log.once('close', resolve))
    await Promise.race([closed, delay(drainMs, undefined, { ref: false })])
    log.destroy()
  }
}
