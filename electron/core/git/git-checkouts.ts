import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HearthError, notFound } from '../../../agent/contract/errors.ts'
import { openOwnFolder } from '../deploy/own-folder.ts'
import { printable } from '../folder/folder-path.ts'
import { maximumSourceBytes } from '../folder/folder-walk.ts'
import type { ProgramRun, RunProgram } from '../ports/run-program.ts'
import { isolatedSettings, localEnvironment, remoteEnvironment } from './git-isolation.ts'
import { type RepositoryAddress, readRepositoryAddress } from './repository-address.ts'

export interface RepositoryBranches {
  readonly url: string
  readonly name: string
  readonly branches: { readonly name: string; readonly commit: string }[]
  /** Null where its HEAD names no branch. */
  readonly defaultBranch: string | null
}

/** A commit's files in a folder of ours, until the desktop closes. */
export interface Checkout {
  readonly id: string
  readonly path: string
  readonly url: string
  readonly name: string
  readonly branch: string
  readonly commit: string
  /** First line of the commit's message. */
  readonly subject: string
}

export interface GitCheckoutsOptions {
  readonly directory: string
  readonly run: RunProgram
}

const keptCheckouts = 10
const listMs = 60_000
const cloneMs = 15 * 60_000
const sizeEveryMs = 1000

/** Reads branches of git repositories and writes their files into folders, as if the repositories were hostile. */
export class GitCheckouts {
  readonly #options: GitCheckoutsOptions
  readonly #checkouts = new Map<string, Checkout>()
  #folder: Promise<string> | null = null

  constructor(options: GitCheckoutsOptions) {
    this.#options = options
  }

  /** Asks where the repository is, which may be another machine. */
  async branches(location: string, signal?: AbortSignal): Promise<RepositoryBranches> {
    const { url, name } = readRepositoryAddress(location)
    const command = ['ls-remote', '--symref', '--', url, 'HEAD', 'refs/heads/*']
    const { stdout } = await this.#ask(url, command, limited(signal, listMs))
    const lines = stdout.split('\n')
    const heads = lines.map((line) => /^(?<commit>[0-9a-f]{40,64})\trefs\/heads\/(?<name>.+)$/.exec(line)?.groups)
    const branches = heads.flatMap((head) =>
      head?.commit && head.name ? [{ name: head.name, commit: head.commit }] : [],
    )
    if (branches.length === 0)
      throw new HearthError('not_found', `${url} has no branch yet. Commit and push something.`)
    const head = lines.map((line) => /^ref: refs\/heads\/(.+)\tHEAD$/.exec(line)?.[1]).find(Boolean)
    return { url, name, branches, defaultBranch: branches.find((branch) => branch.name === head)?.name ?? null }
  }

  /** The files of a branch's newest commit. Without a branch the repository's own choice counts. */
  async checkOut(location: string, wanted?: string, signal?: AbortSignal): Promise<Checkout> {
    const address = readRepositoryAddress(location)
    const branch = wanted ?? (await this.branches(location, signal)).defaultBranch
    if (branch === null) throw new HearthError('invalid_params', `${address.url} names no default branch: say which.`)
    this.#folder ??= openOwnFolder(this.#options.directory)
    const id = randomUUID()
    const place = join(await this.#folder, id)
    const path = join(place, address.name)
    await mkdir(path, { recursive: true, mode: 0o700 })
    try {
      const { commit, subject } = await this.#write(address, branch, { repository: join(place, '.git'), path }, signal)
      const checkout = { id, path, ...address, branch, commit, subject }
      this.#checkouts.set(id, checkout)
      await this.#dropOldest()
      return checkout
    } catch (error) {
      await rm(place, { recursive: true, force: true })
      throw error
    }
  }

  find(id: string): Checkout {
    const checkout = this.#checkouts.get(id)
    if (!checkout) throw notFound('checkout', id.slice(0, 64))
    return checkout
  }

  async close(): Promise<void> {
    this.#checkouts.clear()
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true })
  }

  async #write(
    { url }: RepositoryAddress,
    branch: string,
    { repository, path }: { repository: string; path: string },
    signal: AbortSignal | undefined,
  ): Promise<{ commit: string; subject: string }> {
    const own = [
      '--bare',
      '--template=',
      '--no-local',
      '--no-tags',
      '--single-branch',
      '--depth=1',
      `--branch=${branch}`,
    ]
    const size = watchSize(join(repository, 'objects', 'pack'))
    try {
      await this.#ask(url, ['clone', '--quiet', ...own, '--', url, repository], limited(signal, cloneMs, size.signal))
    } finally {
      size.stop()
    }
    const told = await this.#readLocal(repository, ['log', '-1', '--no-show-signature', '--format=%H%x00%s', 'HEAD'])
    const [commit = '', subject = ''] = told.trim().split('\0')
    const work = [`--work-tree=${path}`]
    await this.#readLocal(repository, [...work, 'read-tree', commit])
    await this.#readLocal(repository, [...work, 'checkout-index', '--all', '--force'])
    await rm(repository, { recursive: true, force: true })
    return { commit, subject: printable(subject) }
  }

  async #ask(url: string, parameters: readonly string[], signal: AbortSignal): Promise<ProgramRun> {
    const options = { environment: remoteEnvironment, isDetached: true, signal }
    const ran = await this.#options.run(['git', ...isolatedSettings, ...parameters], options)
    if (signal.aborted) throw signal.reason instanceof HearthError ? signal.reason : stopped(url)
    if (ran.status === 0) return ran
    throw new HearthError(
      'bad_request',
      `git could not read ${printable(url)}: ${readCause(ran) || `it ended with status ${ran.status}`}. Nobody is asked for a password ` +
        'here: where one is needed, or a host key is not known yet, run git clone of it once in a terminal.',
    )
  }

  async #readLocal(repository: string, parameters: readonly string[]): Promise<string> {
    const command = ['git', ...isolatedSettings, `--git-dir=${repository}`, ...parameters] as const
    const { status, stdout, stderr } = await this.#options.run(command, { environment: localEnvironment })
    if (status === 0) return stdout
    throw new HearthError('bad_request', `git could not write the files of that commit: ${printable(stderr.trim())}`)
  }

  async #dropOldest(): Promise<void> {
    const [oldest] = this.#checkouts.keys()
    if (oldest === undefined || this.#checkouts.size <= keptCheckouts) return
    this.#checkouts.delete(oldest)
    await rm(join((await this.#folder) ?? '', oldest), { recursive: true, force: true })
  }
}

/** Of git's own words the last say what is wrong, but for the advice that it gives whatever that is. */
function readCause({ stderr }: ProgramRun): string {
  const advice =
    /^(fatal: Could not read from remote repository\.|Please make sure you have the correct access rights|and the repository exists\.|)$/
  const lines = stderr.split('\n').map((line) => printable(line.trim()))
  return lines
    .filter((line) => !advice.test(line))
    .slice(-3)
    .join(' ')
    .replace(/\.$/, '')
}

function limited(signal: AbortSignal | undefined, ms: number, ...others: AbortSignal[]): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(ms), ...others, ...(signal ? [signal] : [])])
}

function stopped(url: string): HearthError {
  return new HearthError('gone', `Reading ${printable(url)} was stopped: it took too long, or nobody waited for it.`)
}

/** Whoever serves a repository decides how much comes; more than could be deployed is not waited for. */
function watchSize(directory: string): { signal: AbortSignal; stop: () => void } {
  const control = new AbortController()
  const timer = setInterval(async () => {
    const names = await readdir(directory).catch(() => [])
    const sizes = await Promise.all(names.map((name) => stat(join(directory, name)).catch(() => null)))
    const bytes = sizes.reduce((sum, found) => sum + (found?.size ?? 0), 0)
    if (bytes > maximumSourceBytes)
      control.abort(new HearthError('too_large', 'The repository has more than 2 GB in this commit alone.'))
  }, sizeEveryMs)
  return { signal: control.signal, stop: () => clearInterval(timer) }
}
