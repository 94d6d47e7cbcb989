import { randomBytes } from 'node:crypto'
import { type FSWatcher, readFileSync, watch } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { z } from 'zod'
import { HearthError } from '../../../agent/contract/errors.ts'
import { createFileWhole, readJsonFile, writeJsonFile } from '../json-file.ts'

const tokenFile = z.object({ token: z.string().regex(/^[\w-]{43}$/), createdAt: z.iso.datetime() })
type TokenFile = z.infer<typeof tokenFile>

const tokenUse = z.object({ at: z.iso.datetime(), serverId: z.string(), client: z.string() })
/** When the token was last accepted, for which server, and what the program called itself. */
export type TokenUse = z.infer<typeof tokenUse>

const noteEveryMs = 30_000

/**
 * What programs of this computer show to the gateway: one secret a desktop, in a file that only its user can read.
 * Whoever runs reads it anew each time, so a new token is in force everywhere at once.
 */
export class ApiToken {
  readonly #path: string
  #lastNoted = Number.NEGATIVE_INFINITY
  #noting: Promise<void> = Promise.resolve()

  private constructor(path: string) {
    this.#path = path
  }

  static async open(path: string): Promise<ApiToken> {
    const { value } = await readJsonFile(path, tokenFile)
    if (!value) await createFileWhole(path, `${JSON.stringify(makeToken())}\n`)
    return new ApiToken(path)
  }

  get text(): string {
    return this.#read().token
  }

  get createdAt(): string {
    return this.#read().createdAt
  }

  /** From now on the old token opens nothing. */
  async revoke(): Promise<void> {
    await writeJsonFile(this.#path, makeToken())
    await rm(this.#usePath, { force: true })
  }

  /** Calls back after another token has come into force, whoever made it. Ends with the signal. */
  onRevoked(listener: () => void, signal: AbortSignal): void {
    const current = () => this.#readOrNull()?.token ?? null
    let known = current()
    const look = () => {
      const now = current()
      if (now === known) return
      known = now
      listener()
    }
    watchFolder(dirname(this.#path), (name) => (name === null || name === basename(this.#path)) && look(), signal)
  }

  async lastUse(): Promise<TokenUse | null> {
    return (await readJsonFile(this.#usePath, tokenUse)).value
  }

  /** Written at most now and then: it is for people. What can't be written is not worth an error. */
  noteUse(use: Omit<TokenUse, 'at'>): void {
    const now = performance.now()
    if (now - this.#lastNoted < noteEveryMs) return
    this.#lastNoted = now
    const note = { ...use, at: new Date().toISOString() } satisfies TokenUse
    this.#noting = writeJsonFile(this.#usePath, note).catch(() => {})
  }

  /** Nothing is on its way to the disk any more. */
  async close(): Promise<void> {
    await this.#noting
  }

  get #usePath(): string {
    return `${this.#path}-use`
  }

  /** Read in the middle of a request: the file has a hundred bytes, and a wait would cost more than the reading. */
  #read(): TokenFile {
    const file = this.#readOrNull()
    if (file) return file
    throw new HearthError('unavailable', `The gateway's token, ${this.#path}, can't be read. Start Hearth anew.`)
  }

  #readOrNull(): TokenFile | null {
    try {
      return tokenFile.parse(JSON.parse(readFileSync(this.#path, 'utf8')))
    } catch {
      return null
    }
  }
}

function makeToken(): TokenFile {
  return { token: randomBytes(32).toString('base64url'), createdAt: new Date().toISOString() }
}

function watchFolder(folder: string, listener: (name: string | null) => void, signal: AbortSignal): void {
  let watcher: FSWatcher | undefined
  try {
    watcher = watch(folder, { signal, persistent: false }, (_, name) => listener(name))
  } catch {
    // A file system that tells of no changes: each request still reads the token; only what is open stays open.
    return
  }
  watcher.on('error', () => {})
}
