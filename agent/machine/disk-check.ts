import { open, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const keptMs = 10_000
const usualAnswerMs = 10_000

/**
 * Whether the disk takes what is written to it, by writing to it, since nothing else tells. A full disk is no fault of the disk, and is
 * seen by what is free.
 */
export class DiskCheck {
  readonly #file: string
  readonly #answerMs: number
  #checking: Promise<string | null> | null = null
  #last: { readonly problem: string | null; readonly atMs: number } | null = null

  /** `answerMs`: how long it may take to write a line before it counts as hanging. */
  constructor(folder: string, answerMs = usualAnswerMs) {
    this.#file = path.join(folder, '.disk-check')
    this.#answerMs = answerMs
  }

  /** What is wrong with it, as the end of "The disk ..."; null when it is well. Of the last ten seconds; a disk that hangs is not waited for. */
  async problem(): Promise<string | null> {
    if (this.#last && performance.now() - this.#last.atMs < keptMs) return this.#last.problem
    this.#checking ??= this.#check().finally(() => {
      this.#checking = null
    })
    const answered = new AbortController()
    const hangs = delay(this.#answerMs, 'does not answer', { ref: false, signal: answered.signal })
    const problem = await Promise.race([this.#checking, hangs.catch(() => null)])
    answered.abort()
    this.#last = { problem, atMs: performance.now() }
    return problem
  }

  async #check(): Promise<string | null> {
    try {
      const file = await open(this.#file, 'w', 0o600)
      try {
        await file.writeFile('This file says whether the disk takes what is written to it.\n')
        await file.sync()
      } finally {
        await file.close()
      }
      // Two may look at once: the agent, and who stands in for it.
      await rm(this.#file, { force: true })
      return null
    } catch (error) {
      return describe(error as NodeJS.ErrnoException)
    }
  }
}

function describe({ code, message }: NodeJS.ErrnoException): string | null {
  if (code === 'ENOSPC' || code === 'EDQUOT') return null
  if (code === 'EROFS') return 'is read-only (EROFS), as the kernel makes a disk on which it found a fault'
  return `does not take what is written to it (${code ?? message})`
}
