import { randomUUID } from 'node:crypto'
import { chown, lstat, mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { HearthError, notFound } from '../contract/errors.ts'
import type { GitMode, GitService } from '../contract/sources/git.ts'
import type { Commit } from '../core/ports/builds/commit-source.ts'
import type { GitSessionRequest } from '../core/ports/git-repositories.ts'
import type { CommandLine } from '../exec/command.ts'
import { CommitReader } from './describe-commit.ts'
import type { GitRepositoriesOptions } from './git-repositories.ts'
import type { GitJob } from './git-sandbox.ts'
import { archiveScript, describeScript, maintainScript, noCommitStatus, prepareScript } from './git-scripts.ts'
import { Session } from './git-session.ts'
import { openPushPipes } from './push-pipes.ts'
import { type ReadOptions, readGit } from './read-git.ts'
import type { Slots } from './slots.ts'

const minute = 60_000
/** A push waits for its build and its release phase. */
const sessionMs = 4 * 60 * minute
const workMs = 15 * minute

/** One app's bare repository. Its content is touched in the sandbox only; the agent itself measures and removes files. */
export class GitRepository {
  readonly #directory: string
  readonly #options: GitRepositoriesOptions
  readonly #slots: Slots
  readonly #sessions = new Set<Session>()
  /** Commits of pushes that are being decided, and the folder of `objects` that they wait in. */
  readonly #incoming = new Map<string, string>()
  #prepared: Promise<void> | null = null
  #users = 0
  #needsSweep = false
  /** From when it aborts on nobody enters any more. */
  readonly #closing = new AbortController()
  readonly #left = Promise.withResolvers<void>()

  constructor(directory: string, options: GitRepositoriesOptions, slots: Slots) {
    this.#directory = directory
    this.#options = options
    this.#slots = slots
  }

  async openSession(request: GitSessionRequest): Promise<Session> {
    const leave = await this.#enter()
    try {
      const giveSlot = await this.#slots.take()
      const session = await this.#startSession(request, giveSlot).catch((error: unknown) => {
        giveSlot()
        throw error
      })
      this.#sessions.add(session)
      if (this.#closing.signal.aborted) void session.close()
      void session.end.finally(() => {
        this.#sessions.delete(session)
        if (session.wasKilled) this.#needsSweep = true
        giveSlot()
        leave()
      })
      return session
    } catch (error) {
      leave()
      throw error
    }
  }

  async describeCommit(commit: string): Promise<Commit> {
    const reader = new CommitReader()
    const decoder = new TextDecoder()
    for await (const chunk of this.#readCommit(describeScript, commit))
      reader.read(decoder.decode(chunk, { stream: true }))
    return reader.finish()
  }

  /** A tar. */
  archive(commit: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#readCommit(archiveScript, commit, signal)
  }

  /** The whole folder, whatever is in it: only names and sizes are read. */
  async measure(): Promise<number> {
    const entries = await readdir(this.#directory, { withFileTypes: true, recursive: true }).catch(() => [])
    let sizeBytes = 0
    for (const entry of entries) {
      // What git removes meanwhile does not count.
      const found = await lstat(path.join(entry.parentPath, entry.name)).catch(() => null)
      sizeBytes += (found?.blocks ?? 0) * 512
    }
    return sizeBytes
  }

  async maintain(): Promise<void> {
    if (this.#users > 0 || !(await isThere(this.#directory))) return
    const leave = await this.#enter()
    const giveSlot = await this.#slots.take()
    try {
      await this.#work('maintain', ['sh', '-c', maintainScript])
    } finally {
      giveSlot()
      leave()
    }
  }

  /** Objects that never became part of it are told by their folder's name; making it ready removes them. */
  async sweepLeftovers(): Promise<void> {
    const names = await readdir(path.join(this.#directory, 'objects')).catch(() => [])
    if (names.some((name) => /incoming-/.test(name)) && this.#prepared === null) this.#sweep()
  }

  /** Ends all that goes on in it; nobody enters it again. */
  async close(): Promise<void> {
    this.#closing.abort()
    if (this.#users === 0) this.#left.resolve()
    await Promise.all([...this.#sessions].map((session) => session.close()))
    await this.#left.promise
  }

  async destroy(): Promise<void> {
    await this.close()
    await rm(this.#directory, { recursive: true, force: true })
  }

  /**
   * Makes it ready: once in an agent's life, and again after something was killed in it, when nobody else is in there.
   * Returns what is to be called at the end.
   */
  async #enter(): Promise<() => void> {
    if (this.#closing.signal.aborted) throw new HearthError('gone', 'The repository is being closed.')
    this.#users += 1
    this.#prepared ??= this.#makeReady()
    try {
      await this.#prepared
    } catch (error) {
      this.#prepared = null
      this.#leave()
      throw error
    }
    return () => this.#leave()
  }

  #leave(): void {
    this.#users -= 1
    if (this.#users > 0) return
    this.#incoming.clear()
    if (this.#closing.signal.aborted) this.#left.resolve()
    else if (this.#needsSweep) this.#sweep()
  }

  /** At once, not before the next session: what a push left may be what fills the disk. */
  #sweep(): void {
    this.#needsSweep = false
    this.#prepared = null
    const { report } = this.#options
    this.#enter().then(
      (leave) => leave(),
      (error: unknown) => this.#closing.signal.aborted || report('sweeping a repository failed', error),
    )
  }

  async #makeReady(): Promise<void> {
    const { owner } = this.#options.sandbox
    await mkdir(this.#directory, { recursive: true, mode: 0o700 })
    if (owner) await chown(this.#directory, owner.uid, owner.gid)
    await this.#work('prepare', ['sh', '-c', prepareScript])
  }

  async #startSession(request: GitSessionRequest, giveSlot: () => void): Promise<Session> {
    const { sandbox, runDirectory, disk, limits, report } = this.#options
    const isPush = request.service === 'git-receive-pack'
    if (isPush) await disk.requireFree()
    const id = randomUUID()
    const pipes = isPush ? await openPushPipes(path.join(runDirectory, 'pushes', id), sandbox.owner) : null
    try {
      const process = await sandbox.start({
        ...this.#job(request.service, renderService(request.service, request.mode)),
        isReadOnly: !isPush,
        push: pipes?.directory ?? null,
        environment: request.protocol === null ? {} : { GIT_PROTOCOL: request.protocol },
        limits: { ...limits, timeoutMs: sessionMs },
      })
      return new Session({
        request,
        process,
        pipes,
        limits: { ...limits, timeoutMs: sessionMs },
        isDiskLow: disk.isLow,
        report,
        onAnnounced: ({ quarantine, updates }) => {
          // git has little to do until the push is decided.
          giveSlot()
          for (const { after } of updates) if (after && quarantine) this.#incoming.set(after, quarantine)
        },
      })
    } catch (error) {
      await pipes?.close()
      throw error
    }
  }

  #readCommit(script: string, commit: string, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(commit)) throw notFound('commit', commit.slice(0, 64))
    const quarantine = this.#incoming.get(commit)
    const environment = quarantine
      ? { GIT_OBJECT_DIRECTORY: `objects/${quarantine}`, GIT_ALTERNATE_OBJECT_DIRECTORIES: 'objects' }
      : {}
    const job = { ...this.#job('read', ['sh', '-c', script, 'read', commit]), isReadOnly: true, environment }
    const explain = (status: number) => (status === noCommitStatus ? notFound('commit', commit) : null)
    return this.#read(job, { explain, ...(signal ? { signal } : {}) })
  }

  async *#read(job: GitJob, options: ReadOptions): AsyncIterable<Uint8Array> {
    if (!(await isThere(this.#directory))) throw notFound('repository', 'nothing was pushed to this app yet')
    const leave = await this.#enter()
    try {
      const signals = [this.#closing.signal, ...(options.signal ? [options.signal] : [])]
      yield* readGit(this.#options.sandbox, job, { ...options, signal: AbortSignal.any(signals) })
    } finally {
      leave()
    }
  }

  async #work(name: string, command: CommandLine): Promise<void> {
    const options = { signal: this.#closing.signal }
    for await (const _ of readGit(this.#options.sandbox, this.#job(name, command), options));
  }

  #job(name: string, command: CommandLine): GitJob {
    const limits = { ...this.#options.limits, timeoutMs: workMs }
    return { id: name, repository: this.#directory, isReadOnly: false, push: null, command, limits }
  }
}

/** `.` is the repository: every job starts in it. */
function renderService(service: GitService, mode: GitMode): CommandLine {
  const flags = { session: [], advertise: ['--stateless-rpc', '--advertise-refs'], rpc: ['--stateless-rpc'] }[mode]
  return ['git', service.slice('git-'.length), ...flags, '.']
}

async function isThere(directory: string): Promise<boolean> {
  return lstat(directory).then(
    () => true,
    () => false,
  )
}
