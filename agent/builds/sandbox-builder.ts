import { rm } from 'node:fs/promises'
import path from 'node:path'
import { builtIns } from '../contract/built-in-buildpacks.ts'
import { HearthError } from '../contract/errors.ts'
import type { Builder, BuildRequest, BuiltSlug, ImportedSlug, SlugImport } from '../core/ports/builder.ts'
import { BuildOutput } from './build-output.ts'
import { makeBuildPlace } from './build-place.ts'
import type { SandboxBuilderOptions } from './build-run.ts'
import { buildSlug } from './build-slug.ts'
import { explainFullDisk, requireFreeBytes } from './disk-reserve.ts'
import { importSlug } from './import-slug.ts'
import { commitOf } from './prepare-commit.ts'
import { downloadSource } from './prepare-source.ts'
import { readSourceFile } from './source-file.ts'

/** Builds one request after the other, each in a place of its own, with what the app's builds keep between them. */
export class SandboxBuilder implements Builder {
  readonly buildpacks = builtIns
  readonly #options: SandboxBuilderOptions

  constructor(options: SandboxBuilderOptions) {
    this.#options = options
  }

  async build(request: BuildRequest, signal: AbortSignal): Promise<BuiltSlug> {
    signal.throwIfAborted()
    const { buildDirectory, sandbox, limits, nodePath, sources } = this.#options
    const output = new BuildOutput(request.output)
    // The copy that the build works on; what it adds to that is watched while it runs.
    const sourceBytes = await this.#measureSource(request)
    await requireFreeBytes(path.dirname(buildDirectory), sourceBytes, limits.diskReserveBytes)
    const cache = path.join(this.#cachePath(request.app.id), this.#options.layers.stack.name)
    const place = await makeBuildPlace({ id: request.id, buildDirectory, cache, sandbox, nodePath })
    try {
      const built = await buildSlug({ options: this.#options, request, place, output, signal })
      await sources.collect(request.app.id)
      return built
    } catch (error) {
      if (signal.aborted) throw new HearthError('gone', 'The build was cancelled.')
      throw explainFullDisk(error, 'the build')
    } finally {
      await rm(place.directory, { recursive: true, force: true })
    }
  }

  async takeSource(url: string, signal: AbortSignal) {
    const { sources, allowsOwnAddresses } = this.#options
    const own = /^(?:blob:|\/source-blobs\/)([\w-]+)$/.exec(url)?.[1]
    const secret = own ?? (await sources.createBlob()).secret
    if (own === undefined) await sources.putBlob(secret, await downloadSource(url, { signal, allowsOwnAddresses }))
    return { url: `blob:${secret}`, manifest: await readSourceFile(await sources.openBlob(secret), 'app.json') }
  }

  async importSlug(request: SlugImport): Promise<ImportedSlug> {
    try {
      return await importSlug(this.#options, request)
    } catch (error) {
      throw explainFullDisk(error, 'taking over the slug')
    }
  }

  async destroyCache(appId: string): Promise<void> {
    await rm(this.#cachePath(appId), { recursive: true, force: true })
  }

  async #measureSource({ app, sourceUrl }: BuildRequest): Promise<number> {
    const { sources, commits } = this.#options
    const commit = commitOf(sourceUrl)
    return commit === null
      ? sources.measure(app.id, sourceUrl)
      : (await commits.describeCommit(app.id, commit)).sizeBytes
  }

  #cachePath(appId: string): string {
    return path.join(this.#options.cacheDirectory, appId.replace(/[^\w-]/g, ''))
  }
}
