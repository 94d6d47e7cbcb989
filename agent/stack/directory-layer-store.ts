import { lstat, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../contract/errors.ts'
import type { LayerProgress, LayerStore } from '../core/ports/builds/layer-store.ts'
import type { LayerReference } from '../core/ports/builds/slug-store.ts'
import { type ArchiveRecipe, installArchive } from './archive-layer.ts'
import { findMissingPrograms } from './host-programs.ts'
import { type LayerRequest, parseLayerRequest } from './layer-request.ts'
import type { Mirror } from './mirrors.ts'
import { NpmRegistry } from './npm-registry.ts'
import { digestRecipe, installPackages, type PackageRecipe, resolvePackages, writeRecipe } from './package-layer.ts'

export interface AptRecipe {
  readonly kind: 'apt'
  readonly provider: string
  readonly packages: readonly string[]
}
export type LayerRecipe = PackageRecipe | AptRecipe | ArchiveRecipe

/** Installs Debian packages over the plain stack and hands over what changed, as a root. */
export type AptInstaller = (packages: readonly string[], root: string, progress: LayerProgress) => Promise<void>

/** How long a layer is kept that only builds use, from the last one on. */
export const buildUseMs = 14 * 24 * 60 * 60 * 1000

export interface LayerStoreOptions {
  /** Holds `<digest>/` (a root each), `recipes/` and `lists/`. */
  readonly directory: string
  readonly stack: LayerStore['stack']
  readonly registryUrl: string
  /** Where archives of runtimes are fetched from instead of their upstream. */
  readonly mirrors: readonly Mirror[]
  /** Null where there is no stack to install packages over. */
  readonly installPackages: AptInstaller | null
  /** Makes the toolchain; null where the machine's own compilers are used. */
  readonly toolchainPackages: readonly string[] | null
}

export class DirectoryLayerStore implements LayerStore {
  readonly stack: LayerStore['stack']
  readonly #options: LayerStoreOptions
  readonly #registry: NpmRegistry
  /** One job a layer, however many builds ask. */
  readonly #making = new Map<string, Promise<void>>()
  /** Bytes by digest: a layer never changes. */
  readonly #sizes = new Map<string, number>()

  constructor(options: LayerStoreOptions) {
    this.#options = options
    this.stack = options.stack
    this.#registry = new NpmRegistry(options.registryUrl, path.join(options.directory, 'lists'))
  }

  async ensure(request: string, progress: LayerProgress): Promise<LayerReference | null> {
    const parsed = parseLayerRequest(request)
    if (parsed.kind === 'apt' && !this.#options.installPackages) return this.#trustMachine(parsed, progress)
    return this.#ensureRecipe(await this.#resolve(parsed, progress.signal), progress)
  }

  async keepForBuilds({ digest }: LayerReference): Promise<void> {
    const file = this.#buildUsePath(digest)
    await writeFile(file, '', { flag: 'a' })
    await utimes(file, new Date(), new Date())
  }

  async open(layer: LayerReference, progress: LayerProgress): Promise<string> {
    const target = this.#path(layer.digest)
    if (await isThere(target)) return target
    const text = await readFile(this.#recipePath(layer.digest), 'utf8').catch(() => null)
    if (text === null)
      throw new HearthError('internal', `The layer ${layer.provider} is lost and its recipe too. Deploy the app again.`)
    await this.#makeOnce(layer, JSON.parse(text) as LayerRecipe, progress)
    return target
  }

  async measure({ digest }: LayerReference): Promise<number | null> {
    const known = this.#sizes.get(digest)
    if (known !== undefined) return known
    if (!(await isThere(this.#path(digest)))) return null
    const size = await measureDirectory(this.#path(digest))
    this.#sizes.set(digest, size)
    return size
  }

  async openToolchain(progress: LayerProgress): Promise<string | null> {
    const packages = this.#options.toolchainPackages
    if (!packages) return null
    return this.open(await this.#ensureRecipe(describePackages(packages), progress), progress)
  }

  /** The digest of what builds are given to compile with; null where the machine's own compilers are used. */
  get toolchainDigest(): string | null {
    const packages = this.#options.toolchainPackages
    return packages && this.#digest(describePackages(packages))
  }

  /** Removes all layers of its folder but these digests, whichever stack they are for; returns the bytes won. */
  async collect(keep: readonly string[]): Promise<number> {
    const kept = new Set(keep)
    let wonBytes = 0
    for (const name of await readdir(this.#options.directory).catch(() => [])) {
      if (!/^[0-9a-f]{64}$/.test(name) || kept.has(name) || this.#making.has(name)) continue
      if (await this.#isUsedByBuilds(name)) continue
      wonBytes += await measureDirectory(this.#path(name))
      await rm(this.#path(name), { recursive: true, force: true })
    }
    return wonBytes
  }

  async #resolve(request: LayerRequest, signal: AbortSignal): Promise<LayerRecipe> {
    switch (request.kind) {
      case 'package':
        return resolvePackages(request, this.#registry, signal)
      case 'apt':
        return describePackages(request.packages)
      case 'archive': {
        const { name, version, sha256, url } = request
        const [provider, folder] = [`${name} ${version}`, `${name}-${version}`]
        return { kind: 'archive', provider, folder, sha256, url }
      }
    }
  }

  async #ensureRecipe(recipe: LayerRecipe, progress: LayerProgress): Promise<LayerReference> {
    const reference = { provider: recipe.provider, digest: this.#digest(recipe) }
    await this.#makeOnce(reference, recipe, progress)
    return reference
  }

  #digest(recipe: LayerRecipe): string {
    // Where an archive was fetched from makes no difference to what is in it.
    const what = recipe.kind === 'archive' ? { ...recipe, url: '' } : recipe
    return digestRecipe(what, this.stack.id)
  }

  /** Nobody here may install packages, so the programs that are wanted have to be there. */
  async #trustMachine(request: LayerRequest & { kind: 'apt' }, progress: LayerProgress): Promise<null> {
    const { packages, programs } = request
    const missing = await findMissingPrograms(programs)
    if (programs.length > 0 && missing.length === 0) {
      progress.output(`-----> Using this computer's own ${programs.join(', ')}\n`)
      return null
    }
    const wanted = missing.length > 0 ? `needs ${missing.join(', ')}` : 'needs more programs'
    throw new HearthError(
      'build_failed',
      `The app ${wanted}, and on this computer Hearth installs none: builds use the programs that are there. ` +
        `Install the packages ${packages.join(' ')} here (on Debian and Ubuntu: sudo apt install ${packages.join(' ')}), ` +
        'or deploy to a server.',
    )
  }

  async #makeOnce(layer: LayerReference, recipe: LayerRecipe, progress: LayerProgress): Promise<void> {
    const running = this.#making.get(layer.digest)
    if (running) return running
    if (await isThere(this.#path(layer.digest))) return
    const making = this.#make(layer, recipe, progress).finally(() => this.#making.delete(layer.digest))
    this.#making.set(layer.digest, making)
    return making
  }

  async #make(layer: LayerReference, recipe: LayerRecipe, progress: LayerProgress): Promise<void> {
    const target = this.#path(layer.digest)
    const temporary = `${target}.new`
    progress.output(`-----> Installing ${layer.provider}\n`)
    await rm(temporary, { recursive: true, force: true })
    await mkdir(temporary, { recursive: true, mode: 0o755 })
    await mkdir(path.dirname(this.#recipePath(layer.digest)), { recursive: true })
    await writeRecipe(this.#recipePath(layer.digest), recipe)
    try {
      await this.#install(recipe, temporary, progress)
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { recursive: true, force: true })
      throw error
    }
  }

  async #install(recipe: LayerRecipe, root: string, progress: LayerProgress): Promise<void> {
    const { mirrors, installPackages: installApt } = this.#options
    const { signal } = progress
    switch (recipe.kind) {
      case 'package':
        return installPackages(recipe, root, this.#registry, signal)
      case 'archive':
        return installArchive(recipe, root, { mirrors, signal })
      case 'apt':
        if (!installApt) throw new HearthError('internal', 'Packages are asked for where there is no stack.')
        return installApt(recipe.packages, root, progress)
    }
  }

  #path(digest: string): string {
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new HearthError('internal', 'That is not the digest of a layer.')
    return path.join(this.#options.directory, digest)
  }

  async #isUsedByBuilds(digest: string): Promise<boolean> {
    const use = await stat(this.#buildUsePath(digest)).catch(() => null)
    return use !== null && Date.now() - use.mtimeMs < buildUseMs
  }

  #buildUsePath(digest: string): string {
    return path.join(this.#options.directory, 'recipes', `${digest}.use`)
  }

  #recipePath(digest: string): string {
    return path.join(this.#options.directory, 'recipes', `${digest}.json`)
  }
}

function describePackages(packages: readonly string[]): AptRecipe {
  const sorted = [...new Set(packages)].sort()
  return { kind: 'apt', packages: sorted, provider: `apt ${sorted.join(' ')}` }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

export async function measureDirectory(directory: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await lstat(path.join(entry.parentPath, entry.name))).size
  }
  return bytes
}
