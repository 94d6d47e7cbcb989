import { watch } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { HearthError } from '../../agent/contract/errors.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'

export interface StateFileOptions<T> {
  readonly path: string
  readonly schema: z.ZodType<T>
  /** What holds where there is no file yet. */
  readonly empty: T
  readonly warn: (message: string) => void
}

/**
 * A small state file that several processes of one user change: a desktop that is open, and the command line beside it. Each change is
 * made to what the file says at that moment, one process after the other, so that none undoes another's.
 */
export class StateFile<T> {
  readonly #options: StateFileOptions<T>
  /** What the file said when it was last read or written. */
  #known: T
  /** Changes on their way to the disk, in order. */
  #pending: ((value: T) => T)[] = []
  #work: Promise<void> = Promise.resolve()
  #onNews: () => void = () => {}

  private constructor(options: StateFileOptions<T>, known: T) {
    this.#options = options
    this.#known = known
  }

  static async open<T>(options: StateFileOptions<T>): Promise<StateFile<T>> {
    const { value, warning } = await readJsonFile(options.path, options.schema)
    if (warning) options.warn(warning)
    return new StateFile(options, value ?? options.empty)
  }

  get value(): T {
    return this.#pending.reduce((value, apply) => apply(value), this.#known)
  }

  /** The value is right at once; the promise is for the disk. */
  change(apply: (value: T) => T): Promise<void> {
    this.#pending.push(apply)
    return this.#queue(async () => {
      try {
        await whileAlone(this.#options.path, async () => {
          await this.#look()
          const changed = apply(this.#known)
          await writeJsonFile(this.#options.path, changed)
          this.#known = changed
        })
      } finally {
        this.#pending.shift()
      }
    })
  }

  /** Reads what another process has written since. */
  refresh(): Promise<void> {
    return this.#queue(() => this.#look())
  }

  /**
   * Tells when another process has changed the file. The folder is watched, since each change puts a new file in its place. Where the
   * system has no notices (a home on a network share), another's change is seen with the next one of ours, and still not lost.
   */
  follow(signal: AbortSignal, onNews: () => void): void {
    this.#onNews = onNews
    const name = basename(this.#options.path)
    try {
      const watcher = watch(dirname(this.#options.path), { persistent: false, signal }, (_, changed) => {
        // A file that can't be read now is read with the next change.
        if (changed === null || changed === name) void this.refresh().catch(() => {})
      })
      watcher.on('error', () => watcher.close())
    } catch {
      // The system has no more watches to give.
    }
  }

  #queue(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.catch(() => {}).then(work)
    return this.#work
  }

  async #look(): Promise<void> {
    const { path, schema, empty, warn } = this.#options
    const { value, warning } = await readJsonFile(path, schema)
    if (warning) warn(warning)
    const found = value ?? empty
    if (isDeepStrictEqual(found, this.#known)) return
    this.#known = found
    this.#onNews()
  }
}

/** A change takes milliseconds: whoever has held the file for longer died with it. */
const abandonedMs = 5_000

/** Between reading the file and writing it no other process of ours may write it. */
export async function whileAlone<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  while (!(await take(lock))) {
    const since = await stat(lock).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    )
    if (Date.now() - since > abandonedMs) await rm(lock, { force: true })
    else await sleep(15)
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close()
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new HearthError('internal', `Could not write ${lock}: ${(cause as Error).message}.`, { cause })
  }
}
