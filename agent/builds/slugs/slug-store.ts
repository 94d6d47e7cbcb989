import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HearthError, notFound } from '../../contract/errors.ts'
import { type SlugFiles, slugFiles } from '../../contract/releases/slug-files.ts'
import type { SlugParts, SlugStore, SlugTree, SlugWeighing } from '../../core/ports/builds/slug-store.ts'
import type { StackStore } from '../../core/ports/builds/stack-store.ts'
import { DamagedSlug } from '../../core/releases/damaged-slug.ts'
import { formatMegabytes } from '../disk-reserve.ts'
import { digestTree, listFileSizes, type Tree } from '../trees/tree-digest.ts'
import { setPlainModes } from '../trees/tree-modes.ts'
import { readSlugArchive, writeSlugArchive } from './slug-archive.ts'
import { listSlugFiles } from './slug-files.ts'

/** Heroku's limit for years, for the compressed app; layers and stack don't count. */
export const maximumSlugBytes = 500 * 1024 * 1024
/** Of images; what buildpacks make is held to less when it is made. */
const maximumTreeBytes = 8 * 1024 * 1024 * 1024

export interface SlugStoreOptions {
  readonly directory: string
  readonly stacks: StackStore
  readonly log: (message: string) => void
}

/**
 * `<directory>/<hex>/app/...`, its list of files `<directory>/<hex>.files.json` and, once it is on disk as a whole,
 * `<directory>/<hex>.tar.zst`.
 */
export class FileSlugStore implements SlugStore {
  readonly #options: SlugStoreOptions
  readonly #verified = new Map<string, Promise<void>>()
  readonly #archiving = new Map<string, Promise<void>>()
  readonly #closing = new AbortController()

  constructor(options: SlugStoreOptions) {
    this.#options = options
  }

  async open(slug: SlugParts): Promise<SlugTree> {
    await this.#verifyOnce(slug.checksum)
    const progress = { output: this.#options.log, signal: this.#closing.signal }
    const layers = await this.#options.stacks.open(slug.stack, progress)
    return {
      checksum: slug.checksum,
      appDirectory: path.join(this.#treePath(slug.checksum), 'app'),
      layerDirectories: await Promise.all(slug.layers.map((layer) => layers.open(layer, progress))),
      stackDirectory: layers.stack.directory,
    }
  }

  async archiveSizeBytes(checksum: string): Promise<number | null> {
    const archive = await stat(this.#archivePath(checksum)).catch(() => null)
    return archive?.size ?? null
  }

  async openArchive(checksum: string): Promise<AsyncIterable<Uint8Array>> {
    await this.waitForArchive(checksum).catch(() => {})
    const file = await open(this.#archivePath(checksum), 'r').catch(() => null)
    if (file) return file.createReadStream()
    throw notFound('slug archive', 'it is not written yet, or was removed')
  }

  async files(checksum: string): Promise<SlugFiles> {
    const kept = await readFile(this.#filesPath(checksum), 'utf8').catch(() => null)
    const known = kept === null ? null : slugFiles.safeParse(parseOrNull(kept)).data
    if (known) return known
    // Of a slug that an older agent made, or a list that a power cut spoiled.
    const tree = await digestTree(path.join(this.#treePath(checksum), 'app')).catch(() => null)
    if (tree?.checksum !== checksum) throw notFound('list of files', 'its slug was removed')
    return this.#keepFiles(tree)
  }

  async weigh(slug: SlugParts): Promise<SlugWeighing> {
    const progress = { output: this.#options.log, signal: this.#closing.signal }
    const files = await listFileSizes(path.join(this.#treePath(slug.checksum), 'app')).catch(() => null)
    if (!files) throw notFound('slug', 'its files were removed')
    const layers = await this.#options.stacks.open(slug.stack, progress)
    const sizes = await Promise.all(slug.layers.map((layer) => layers.measure(layer)))
    return { files, layerBytes: sizes }
  }

  async collect(keep: readonly SlugParts[], stacks: readonly string[]): Promise<number> {
    const kept = new Set(keep.map((slug) => hexOf(slug.checksum)))
    let wonBytes = 0
    for (const name of await readdir(this.#options.directory).catch(() => [])) {
      const hex = name.slice(0, 64)
      if (kept.has(hex) || this.#archiving.has(`SHA256:${hex}`)) continue
      const full = path.join(this.#options.directory, name)
      const { size } = await stat(full)
      if (/\.(tar\.zst|files\.json)$/.test(name)) wonBytes += size
      else wonBytes += (await digestSizes(full)) ?? 0
      this.#verified.delete(`SHA256:${hex}`)
      await this.#hideAndRemove(name)
    }
    const used = { layers: keep.flatMap((slug) => slug.layers), stacks: [...stacks, ...keep.map(({ stack }) => stack)] }
    return wonBytes + (await this.#options.stacks.collect(used))
  }

  /** Out of sight first: a crash in the middle must not leave half a tree under a slug's name. */
  async #hideAndRemove(name: string): Promise<void> {
    const full = path.join(this.#options.directory, name)
    const hidden = path.join(this.#options.directory, `.removed-${name.replace(/^\.removed-/, '')}`)
    if (hidden !== full) {
      await rm(hidden, { recursive: true, force: true })
      await rename(full, hidden)
    }
    await rm(hidden, { recursive: true, force: true })
  }

  /**
   * Takes over a built tree, `<directory>/app`, whose digest is known. The move is atomic; the archive follows in the
   * background, since a release need not wait for it.
   */
  async add(directory: string, tree: Tree): Promise<void> {
    const target = this.#treePath(tree.checksum)
    await mkdir(this.#options.directory, { recursive: true, mode: 0o700 })
    await setPlainModes(path.join(directory, 'app'), tree)
    if (await isThere(target)) await this.#verifyOnce(tree.checksum)
    else await rename(directory, target)
    await this.#keepFiles(tree)
    this.#verified.set(tree.checksum, Promise.resolve())
    this.#archive(tree.checksum)
  }

  /** Resolves when the archive is written; rejects when that failed. */
  async waitForArchive(checksum: string): Promise<void> {
    await this.#archiving.get(checksum)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled(this.#archiving.values())
  }

  async #keepFiles(tree: Tree): Promise<SlugFiles> {
    const listed = listSlugFiles(tree)
    const file = this.#filesPath(tree.checksum)
    await writeFile(`${file}.new`, JSON.stringify(listed), { mode: 0o600 })
    await rename(`${file}.new`, file)
    return listed
  }

  #archive(checksum: string): void {
    if (this.#archiving.has(checksum)) return
    const work = this.#writeArchive(checksum).finally(() => this.#archiving.delete(checksum))
    this.#archiving.set(checksum, work)
    // The slug still runs from its tree; the next start or build tries again.
    work.catch((error: Error) => this.#options.log(`slug ${checksum} could not be archived: ${error.message}`))
  }

  async #writeArchive(checksum: string): Promise<void> {
    const archive = this.#archivePath(checksum)
    if (await isThere(archive)) return
    await writeSlugArchive(this.#treePath(checksum), archive, this.#closing.signal)
    const { size } = await stat(archive)
    if (size > maximumSlugBytes)
      this.#options.log(`slug ${checksum} has ${formatMegabytes(size)}, more than ${formatMegabytes(maximumSlugBytes)}`)
  }

  #verifyOnce(checksum: string): Promise<void> {
    const running = this.#verified.get(checksum)
    if (running) return running
    const verifying = this.#verify(checksum)
    this.#verified.set(checksum, verifying)
    verifying.catch(() => this.#verified.delete(checksum))
    return verifying
  }

  async #verify(checksum: string): Promise<void> {
    const actual = await this.#digest(this.#treePath(checksum))
    if (actual === checksum) return this.#archive(checksum)
    const archive = this.#archivePath(checksum)
    if (!(await isThere(archive)))
      throw new DamagedSlug(
        `The files of slug ${checksum} are lost or damaged, and it has no archive. Deploy the app again.`,
        { expected: checksum, actual },
      )
    this.#options.log(`slug ${checksum} is damaged or gone; it is extracted again from its archive`)
    const temporary = `${this.#treePath(checksum)}.new`
    await readSlugArchive(archive, temporary, maximumTreeBytes).catch(() => {})
    if ((await this.#digest(temporary)) !== checksum) {
      await rm(temporary, { recursive: true, force: true })
      throw new DamagedSlug(`The files of slug ${checksum} and its archive are both damaged. Deploy the app again.`, {
        expected: checksum,
        actual,
      })
    }
    await rm(this.#treePath(checksum), { recursive: true, force: true })
    await rename(temporary, this.#treePath(checksum))
  }

  /** The checksum of what is there, with its modes made plain; null when it can't be read. */
  async #digest(directory: string): Promise<string | null> {
    const app = path.join(directory, 'app')
    const tree = await digestTree(app).catch(() => null)
    if (tree) await setPlainModes(app, tree)
    return tree?.checksum ?? null
  }

  #treePath(checksum: string): string {
    return path.join(this.#options.directory, hexOf(checksum))
  }

  #filesPath(checksum: string): string {
    return `${this.#treePath(checksum)}.files.json`
  }

  #archivePath(checksum: string): string {
    return `${this.#treePath(checksum)}.tar.zst`
  }
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function hexOf(checksum: string): string {
  const match = /^SHA256:([0-9a-f]{64})$/.exec(checksum)
  if (!match?.[1]) throw new HearthError('internal', `'${checksum.slice(0, 100)}' is not the checksum of a slug.`)
  return match[1]
}

async function digestSizes(directory: string): Promise<number | null> {
  const tree = await digestTree(path.join(directory, 'app')).catch(() => null)
  return tree?.sizeBytes ?? null
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
