import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../contract/errors.ts'
import type { LayerProgress, LayerStore } from '../core/ports/layer-store.ts'
import type { LayerReference } from '../core/ports/slug-store.ts'
import { parseLayerRequest } from './layer-request.ts'
import { NpmRegistry } from './npm-registry.ts'
import { digestRecipe, installPackages, type PackageRecipe, resolvePackages, writeRecipe } from './package-layer.ts'

export interface AptRecipe {
  readonly kind: 'apt'
  readonly provider: string
  readonly packages: readonly string[]
}
export type LayerRecipe = PackageRecipe | AptRecipe

/** Installs Debian packages over the plain stack and hands over what changed, as a root. */
export type AptInstaller = (packages: readonly string[], root: string, progress: LayerProgress) => Promise<void>

export interface LayerStoreOptions {
  /** Holds `<digest>/` (a root each), `recipes/` and `lists/`. */
  readonly directory: string
  readonly stack: LayerStore['stack']
  readonly registryUrl: string
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

  constructor(options: LayerStoreOptions) {
    this.#options = options
    this.stack = options.stack
    this.#registry = new NpmRegistry(options.registryUrl, path.join(options.directory, 'lists'))
  }

  async ensure(request: string, progress: LayerProgress): Promise<LayerReference> {
    const parsed = parseLayerRequest(request)
    const recipe: LayerRecipe =
      parsed.kind === 'apt'
        ? { ...parsed, provider: `apt ${parsed.packages.join(' ')}` }
        : await resolvePackages(parsed, this.#registry, progress.signal)
    const reference = { provider: recipe.provider, digest: digestRecipe(recipe, this.stack.id) }
    await this.#makeOnce(reference, recipe, progress)
    return reference
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

  async openToolchain(progress: LayerProgress): Promise<string | null> {
    const packages = this.#options.toolchainPackages
    if (!packages) return null
    return this.open(await this.ensure(`apt ${packages.join(' ')}`, progress), progress)
  }

  async collect(keep: readonly LayerReference[]): Promise<number> {
    const kept = new Set(keep.map((layer) => layer.digest))
    const toolchain = this.#options.toolchainPackages
    if (toolchain) {
      const recipe = { ...parseLayerRequest(`apt ${toolchain.join(' ')}`), provider: '' }
      if (recipe.kind === 'apt') {
        const full = { ...recipe, provider: `apt ${recipe.packages.join(' ')}` }
        kept.add(digestRecipe(full, this.stack.id))
      }
    }
    let wonBytes = 0
    for (const name of await readdir(this.#options.directory).catch(() => [])) {
      if (!/^[0-9a-f]{64}$/.test(name) || kept.has(name) || this.#making.has(name)) continue
      wonBytes += await measureDirectory(this.#path(name))
      await rm(this.#path(name), { recursive: true, force: true })
    }
    return wonBytes
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
      if (recipe.kind === 'package') await installPackages(recipe, temporary, this.#registry, progress.signal)
      else await this.#installApt(recipe, temporary, progress)
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { recursive: true, force: true })
      throw error
    }
  }

  async #installApt(recipe: AptRecipe, root: string, progress: LayerProgress): Promise<void> {
    const install = this.#options.installPackages
    if (!install)
      throw new HearthError(
        'build_failed',
        `The app needs the Debian packages ${recipe.packages.join(', ')}, but this computer's own programs are its stack. ` +
          'Install them here, or deploy to a server.',
      )
    await install(recipe.packages, root, progress)
  }

  #path(digest: string): string {
    if (!/^[0-9a-f]{64}$/.test(digest)) throw new HearthError('internal', 'That is not the digest of a layer.')
    return path.join(this.#options.directory, digest)
  }

  #recipePath(digest: string): string {
    return path.join(this.#options.directory, 'recipes', `${digest}.json`)
  }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

async function measureDirectory(directory: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await stat(path.join(entry.parentPath, entry.name))).size
  }
  return bytes
}
