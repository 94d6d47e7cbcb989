import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { outputLimits } from '../core/logs/output-limits.ts'
import type { DynoAddress, DynoExit, DynoListener, DynoUsage } from '../core/ports/dynos/dyno-runner.ts'
import { killGroup } from '../exec/command.ts'
import { readPaced } from '../exec/paced-reading.ts'
import type { DynoGroup } from './dyno-groups.ts'
import type { Launched } from './launch.ts'
import {
  findProcesses,
  killProcesses,
  lookAgainMs,
  looks,
  mayMiss,
  readUsage,
  signalProcesses,
  type TreeMark,
} from './process-tree.ts'

/** How long output may still come after the last process: what a pipe holds is read in far less. */
const drainMs = 2_000

/** One running dyno: its processes, its output, its folder. */
export class ProcessDyno {
  readonly id: string
  readonly address: DynoAddress | null
  readonly #launched: Launched
  readonly #folder: string
  readonly #listener: DynoListener
  readonly #group: DynoGroup | null
  readonly #ended = new AbortController()
  #outlivedGrace = false
  /** Resolves when its processes, its output and its folder are gone and that was reported. */
  readonly gone: Promise<void>

  constructor(
    launched: Launched,
    dyno: {
      id: string
      address: DynoAddress | null
      folder: string
      listener: DynoListener
      group: DynoGroup | null
    },
  ) {
    this.id = dyno.id
    this.address = dyno.address
    this.#launched = launched
    this.#folder = dyno.folder
    this.#listener = dyno.listener
    this.#group = dyno.group
    if (launched.log) readPaced(launched.log, outputLimits.read, (bytes) => dyno.listener.onOutput(dyno.id, bytes))
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
    const usage = await readUsage(await findProcesses(this.mark))
    return usage && { ...usage, oomKills: (await this.#group?.countKills()) ?? 0 }
  }

  async stop(graceMs: number): Promise<void> {
    // Of one that has ended the mark may be another's by now.
    if (this.ended.aborted) return await this.gone
    await this.#askToEnd()
    const grace = new AbortController()
    await Promise.race([this.gone, delay(graceMs, undefined, { signal: grace.signal }).catch(() => {})])
    grace.abort()
    if (!this.ended.aborted) {
      this.#outlivedGrace = graceMs > 0
      await this.#killAll()
    }
    await this.gone
  }

  async #askToEnd(): Promise<void> {
    const asked = new Set<number>()
    const ask = (pids: readonly number[]) => {
      const others = pids.filter((pid) => !asked.has(pid))
      for (const pid of others) asked.add(pid)
      // A shell at a terminal ignores SIGTERM; hanging up is how terminals end.
      if (this.#launched.isOnPty) signalProcesses(others, 'SIGHUP')
      signalProcesses(others, 'SIGTERM')
    }
    ask(await findProcesses(this.mark))
    for (let look = 0; mayMiss(this.mark) && look < looks && !this.ended.aborted; look++) {
      await delay(lookAgainMs, undefined, { ref: false })
      ask(await findProcesses(this.mark))
    }
  }

  async #waitUntilGone(): Promise<void> {
    const { status, signal } = await this.#launched.exit
    this.#ended.abort()
    await this.#killAll()
    this.#launched.release()
    await this.#drain()
    // A disk that fails must not hide its end; the next agent takes away what is left.
    await rm(this.#folder, { recursive: true, force: true }).catch(() => {})
    const outOfMemory = ((await this.#group?.countKills()) ?? 0) > 0
    await this.#group?.remove()
    const exit: DynoExit = { id: this.id, status, signal, outOfMemory, outlivedGrace: this.#outlivedGrace }
    this.#listener.onExit(exit)
  }

  async #killAll(): Promise<void> {
    killGroup(this.mark.leaderPid, 'SIGKILL')
    await killProcesses(this.mark)
  }

  async #drain(): Promise<void> {
    const { log } = this.#launched
    if (!log || log.closed) return
    const closed = new Promise<void>((resolve) => log.once('close', resolve))
    await Promise.race([closed, delay(drainMs, undefined, { ref: false })])
    log.destroy()
  }
}
