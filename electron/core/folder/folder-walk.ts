import type { Stats } from 'node:fs'
import { lstat, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HearthError } from '../../../agent/contract/errors.ts'
import { FolderIgnore } from './folder-ignore.ts'
import { checkLink, checkPath, describeKind } from './folder-path.ts'

export interface FolderFile {
  /** Relative to the folder, with forward slashes. */
  readonly path: string
  readonly mode: 0o644 | 0o755
  readonly sizeBytes: number
  /** Changes whenever the content may have: from times, size and inode. */
  readonly stamp: string
}

export interface FolderLink {
  readonly path: string
  readonly link: string
}

export interface LeftOut {
  readonly path: string
  readonly reason: string
}

/** What of a folder belongs to the source. Sorted by path, so that the same folder is always the same list. */
export interface FolderListing {
  readonly root: string
  readonly files: readonly FolderFile[]
  readonly links: readonly FolderLink[]
  readonly leftOut: readonly LeftOut[]
  readonly totalBytes: number
}

export const maximumSourceBytes = 2 * 1024 ** 3
export const maximumFiles = 200_000

/**
 * Lists a folder without reading any content but the ignore files. `project` is the folder in it that is the app, where it is not the whole:
 * that one's .slugignore counts too, as in the build.
 */
export async function walkFolder(folder: string, signal?: AbortSignal, project = ''): Promise<FolderListing> {
  const root = await openRoot(folder)
  const walk = new Walk(root, signal, project)
  const slugIgnore = await readIgnoreFile(join(root, '.slugignore'))
  await walk.enter(
    '',
    slugIgnore === null ? new FolderIgnore() : new FolderIgnore().with('.slugignore', '', slugIgnore),
  )
  const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1)
  return {
    root,
    files: walk.files.sort(byPath),
    links: walk.links.sort(byPath),
    leftOut: walk.leftOut.sort(byPath),
    totalBytes: walk.totalBytes,
  }
}

class Walk {
  readonly files: FolderFile[] = []
  readonly links: FolderLink[] = []
  readonly leftOut: LeftOut[] = []
  totalBytes = 0
  readonly #root: string
  readonly #signal: AbortSignal | undefined
  readonly #project: string

  constructor(root: string, signal: AbortSignal | undefined, project: string) {
    this.#root = root
    this.#signal = signal
    this.#project = project
  }

  async enter(folder: string, inherited: FolderIgnore): Promise<void> {
    this.#signal?.throwIfAborted()
    const names = await this.#attempt(folder, (path) => readdir(path, { encoding: 'buffer', withFileTypes: true }))
    let rules = inherited
    for (const file of folder !== '' && folder === this.#project ? ['.gitignore', '.slugignore'] : ['.gitignore']) {
      if (!names.some((entry) => entry.isFile() && entry.name.toString() === file)) continue
      const text = await readIgnoreFile(join(this.#root, folder, file))
      if (text !== null) rules = rules.with(file, folder, text)
    }
    await Promise.all(
      names.map(async (entry) => {
        const path = `${folder === '' ? '' : `${folder}/`}${entry.name.toString('utf8')}`
        const reason = rules.reason(path, entry.isDirectory())
        if (reason !== null) this.leftOut.push({ path: entry.isDirectory() ? `${path}/` : path, reason })
        else {
          checkPath(path, entry.name)
          await this.#add(path, rules)
        }
      }),
    )
  }

  async #add(path: string, rules: FolderIgnore): Promise<void> {
    const status = await this.#attempt(path, (at) => lstat(at))
    if (status.isDirectory()) await this.enter(path, rules)
    else if (status.isSymbolicLink()) this.links.push(checkLink(path, await this.#attempt(path, (at) => readlink(at))))
    else if (status.isFile()) this.#addFile(path, status)
    else
      throw new HearthError(
        'invalid_params',
        `"${path}" is ${describeKind(status)}, which can't be deployed. Remove it or name it in .slugignore.`,
      )
  }

  #addFile(path: string, status: Stats): void {
    this.files.push({
      path,
      mode: (status.mode & 0o100) === 0 ? 0o644 : 0o755,
      sizeBytes: status.size,
      stamp: stampOf(status),
    })
    this.totalBytes += status.size
    if (this.totalBytes > maximumSourceBytes) throw tooLarge(this.files)
    if (this.files.length > maximumFiles)
      throw new HearthError(
        'too_large',
        `The folder has more than ${maximumFiles.toLocaleString('en')} files. Name what the app does not need in .slugignore.`,
      )
  }

  async #attempt<T>(path: string, action: (absolute: string) => Promise<T>): Promise<T> {
    try {
      return await action(join(this.#root, path))
    } catch (cause) {
      throw cannotRead(path === '' ? this.#root : path, cause)
    }
  }
}

export function stampOf({ mtimeMs, ctimeMs, size, ino }: Stats): string {
  return `${mtimeMs}:${ctimeMs}:${size}:${ino}`
}

/** The one wording for what the file system refuses. */
export function cannotRead(path: string, cause: unknown): HearthError {
  if (cause instanceof HearthError) return cause
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ESTALE':
      return new HearthError(
        'conflict',
        `"${path}" vanished while the folder was read. Deploy again when nothing else is changing it.`,
        { cause },
      )
    case 'EACCES':
    case 'EPERM':
      return new HearthError(
        'forbidden',
        `"${path}" may not be read by your account. Change its permissions or name it in .slugignore.`,
        { cause },
      )
    default:
      return new HearthError('internal', `Could not read "${path}": ${(cause as Error).message}.`, { cause })
  }
}

async function openRoot(folder: string): Promise<string> {
  try {
    const root = await realpath(folder)
    if ((await stat(root)).isDirectory()) return root
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cannotRead(folder, cause)
    throw new HearthError('not_found', `There is no folder ${folder}.`, { cause })
  }
  throw new HearthError('invalid_params', `${folder} is a file. Choose the folder that it is in.`)
}

async function readIgnoreFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw cannotRead(path, cause)
  }
}

function tooLarge(files: readonly FolderFile[]): HearthError {
  const [biggest] = [...files].sort((a, b) => b.sizeBytes - a.sizeBytes)
  return new HearthError(
    'too_large',
    `The folder has more than 2 GB; its biggest file is "${biggest?.path}". Name what the app does not need in ` +
      '.slugignore, or keep large files outside the app.',
  )
}
