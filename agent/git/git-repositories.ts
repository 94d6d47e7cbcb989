import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { notFound } from '../contract/errors.ts'
import type { GitRepositories } from '../core/ports/git-repositories.ts'
import { GitRepository } from './git-repository.ts'
import type { GitLimits, GitSandbox } from './git-sandbox.ts'
import { Slots } from './slots.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** Each may use its share of memory; who waits for a build does not count. */
const concurrentSessions = 4

/** The room that must stay free for everything else on the server. */
export interface DiskGuard {
  /** Throws `disk_full`, with figures, when the reserve is crossed already. */
  requireFree(): Promise<void>
  isLow(): Promise<boolean>
}

export interface GitRepositoriesOptions {
  /** Holds `<app id>.git`. */
  readonly directory: string
  /** For pushes' pipes; emptied at the start. */
  readonly runDirectory: string
  readonly sandbox: GitSandbox
  readonly disk: DiskGuard
  readonly limits: Omit<GitLimits, 'timeoutMs'>
  readonly report: (problem: string, cause: unknown) => void
}

export async function openGitRepositories(options: GitRepositoriesOptions): Promise<GitRepositories> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  await rm(path.join(options.runDirectory, 'pushes'), { recursive: true, force: true })
  const repositories = new FolderRepositories(options)
  repositories.sweep().catch((error: unknown) => options.report('sweeping the repositories failed', error))
  return repositories
}

class FolderRepositories implements GitRepositories {
  readonly #options: GitRepositoriesOptions
  readonly #slots = new Slots(concurrentSessions)
  readonly #repositories = new Map<string, GitRepository>()

  constructor(options: GitRepositoriesOptions) {
    this.#options = options
  }

  openSession: GitRepositories['openSession'] = (request) => this.#of(request.appId).openSession(request)
  describeCommit: GitRepositories['describeCommit'] = (appId, commit) => this.#of(appId).describeCommit(commit)
  measure: GitRepositories['measure'] = (appId) => this.#of(appId).measure()
  maintain: GitRepositories['maintain'] = (appId) => this.#of(appId).maintain()

  async openArchive(appId: string, commit: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return this.#of(appId).archive(commit, signal)
  }

  /** What pushes of an agent that was killed left is not to wait for the next one: it may be what fills the disk. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.#options.directory)) {
      const [, appId = ''] = /^(.*)\.git$/.exec(name) ?? []
      if (uuid.test(appId)) await this.#of(appId).sweepLeftovers()
    }
  }

  async destroyApp(appId: string): Promise<void> {
    await this.#of(appId).destroy()
    this.#repositories.delete(appId)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#repositories.values()].map((repository) => repository.close()))
  }

  #of(appId: string): GitRepository {
    if (!uuid.test(appId)) throw notFound('app', appId.slice(0, 64))
    const directory = path.join(this.#options.directory, `${appId}.git`)
    const repository = this.#repositories.get(appId) ?? new GitRepository(directory, this.#options, this.#slots)
    this.#repositories.set(appId, repository)
    return repository
  }
}
