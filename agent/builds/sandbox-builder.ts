import { readdir, stat, utimes } from 'node:fs/promises'
import path from 'node:path'
import { builtIns } from '../contract/builds/built-in-buildpacks.ts'
import { HearthError } from '../contract/errors.ts'
import { cnbStack, containerStack, imagesOf } from '../core/builds/image-reference.ts'
import type { Builder, BuildRequest, BuiltSlug, ImportedSlug, SlugImport } from '../core/ports/builds/builder.ts'
import { BuildOutput } from './build-output.ts'
import { makeBuildPlace } from './build-place.ts'
import type { SandboxBuilderOptions } from './build-run.ts'
import { buildSlug } from './build-slug.ts'
import { markCache } from './cache-mark.ts'
import { buildCloudNative } from './cloud-native/build-cloud-native.ts'

import { explainFullDisk, findShortage, requireFreeBytes } from './disk-reserve.ts'
import { buildImages } from './images/build-images.ts'
import { parseSetup } from './images/heroku-yml.ts'

import { importSlug } from './slugs/import-slug.ts'
import { commitOf } from './sources/prepare-commit.ts'
import { downloadSource } from './sources/prepare-source.ts'
import { readSourceFiles } from './sources/source-file.ts'
import { removeTree } from './trees/remove-tree.ts'

/** Builds one request after the other, each in a place of its own, with what the app's builds keep between them. */
export class SandboxBuilder implements Builder {
  readonly buildpacks = builtIns
  readonly #options: SandboxBuilderOptions
  /** Caches of the apps whose builds run. */
  readonly #inUse = new Set<string>()

  constructor(options: SandboxBuilderOptions) {
    this.#options = options
  }

  async build(request: BuildRequest, signal: AbortSignal): Promise<BuiltSlug> {
    signal.throwIfAborted()
    const kind = kindOf(request)
    const isImage = kind !== 'slug'
    const options = isImage ? await this.#requireImages() : this.#options
    const output = new BuildOutput(request.output)
    const { buildDirectory, sandbox, nodePath, sources, stacks } = options
    await this.#makeRoom(await this.#measureSource(request))
    const layers = await stacks.open(isImage ? stacks.names[0] : request.stack, { output: output.text, signal })
    const kept = this.#cachePath(request.app.id)
    this.#inUse.add(kept)
    const cache = path.join(kept, isImage ? kind : layers.stack.name)
    const place = await makeBuildPlace({ id: request.id, buildDirectory, cache, sandbox, nodePath })
    const unmark = await markCache(kept, request.id)
    try {
      await utimes(kept, new Date(), new Date())
      const run = { options, request, place, layers, output, signal }
      const built = await builds[kind](run)
      await sources.collect(request.app.id)
      return built
    } catch (error) {
      if (signal.aborted) throw new HearthError('gone', 'The build was cancelled.')
      const explained = explainFullDisk(error, 'the build')
      // What it kept for the next one may be what filled the disk, and would stay.
      if (explained instanceof HearthError && explained.id === 'disk_full') await this.destroyCache(request.app.id)
      throw explained
    } finally {
      this.#inUse.delete(kept)
      await unmark()
      await removeTree(place.directory)
    }
  }

  async takeSource(url: string, signal: AbortSignal) {
    const { sources, allowsOwnAddresses } = this.#options
    const own = /^(?:blob:|\/source-blobs\/)([\w-]+)$/.exec(url)?.[1]
    const secret = own ?? (await sources.createBlob()).secret
    if (own === undefined) await sources.putBlob(secret, await downloadSource(url, { signal, allowsOwnAddresses }))
    const files = await readSourceFiles(await sources.openBlob(secret), ['app.json', 'heroku.yml'])
    const yml = files.get('heroku.yml') ?? null
    const setup = yml === null ? null : parseSetup(yml)
    return { url: `blob:${secret}`, manifest: files.get('app.json') ?? null, setup }
  }

  async importSlug(request: SlugImport): Promise<ImportedSlug> {
    try {
      return await importSlug(this.#options, request)
    } catch (error) {
      throw explainFullDisk(error, 'taking over the slug')
    }
  }

  async destroyCache(appId: string): Promise<void> {
    await removeTree(this.#cachePath(appId))
  }

  /** Images are made in a sandbox of their own. */
  async #requireImages(): Promise<SandboxBuilderOptions> {
    const { images } = this.#options
    if (images === null)
      throw new HearthError(
        'build_failed',
        'Images are run by servers; on this computer apps are built by buildpacks. Add a server, and deploy the app there.',
      )
    await images.require()
    return { ...this.#options, sandbox: images.sandbox }
  }

  async #measureSource({ app, sourceUrl }: BuildRequest): Promise<number> {
    const { sources, commits } = this.#options
    const commit = commitOf(sourceUrl)
    return commit === null
      ? sources.measure(app.id, sourceUrl)
      : (await commits.describeCommit(app.id, commit)).sizeBytes
  }

  /**
   * Room for the copy that a build works on; what it adds to that is watched while it runs. What builds keep for the next ones goes
   * first, the longest unused before others: it only saves time.
   */
  async #makeRoom(sourceBytes: number): Promise<void> {
    const { buildDirectory, cacheDirectory, limits } = this.#options
    const disk = path.dirname(buildDirectory)
    for (const cache of await listByAge(cacheDirectory)) {
      if ((await findShortage(disk, limits.diskReserveBytes + sourceBytes)) === null) return
      if (!this.#inUse.has(cache)) await removeTree(cache)
    }
    await requireFreeBytes(disk, sourceBytes, limits.diskReserveBytes)
  }

  #cachePath(appId: string): string {
    return path.join(this.#options.cacheDirectory, appId.replace(/[^\w-]/g, ''))
  }
}

const builds = { slug: buildSlug, [containerStack]: buildImages, [cnbStack]: buildCloudNative } as const

/** Images that are there already are images on any stack. */
function kindOf({ stack, sourceUrl }: BuildRequest): keyof typeof builds {
  if (imagesOf(sourceUrl) !== null) return containerStack
  return stack === containerStack || stack === cnbStack ? stack : 'slug'
}

async function listByAge(directory: string): Promise<string[]> {
  const names = await readdir(directory)
  const found = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(path.join(directory, name))).mtimeMs })),
  )
  return found.sort((a, b) => a.at - b.at).map(({ name }) => path.join(directory, name))
}
