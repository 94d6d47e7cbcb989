import { rm } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../contract/errors.ts'
import type { Builder, BuildRequest, BuiltSlug } from '../core/ports/builder.ts'
import type { LayerStore } from '../core/ports/layer-store.ts'
import type { SandboxExit, SandboxLimits, SandboxRunner } from '../core/ports/sandbox.ts'
import type { LayerReference } from '../core/ports/slug-store.ts'
import { BuildOutput } from './build-output.ts'
import { type BuildPlace, makeBuildPlace, readResult, writeConfigVars } from './build-place.ts'
import { fetchBuildpack, findBuildpackRoot, listBuiltIns, parseBuildpack } from './buildpack.ts'
import { cloneScript, compileScript, detectScript } from './buildpack-script.ts'
import { explainFullDisk, formatMegabytes, requireFreeBytes } from './disk-reserve.ts'
import { prepareSource } from './prepare-source.ts'
import { discoverProcessTypes } from './process-types.ts'
import { type FileSlugStore, maximumSlugBytes } from './slug-store.ts'
import type { FileSourceStore } from './source-store.ts'
import { digestTree, type KnownDigests, type Tree } from './tree-digest.ts'

export interface SandboxBuilderOptions {
  readonly buildDirectory: string
  readonly cacheDirectory: string
  readonly buildpackDirectory: string
  readonly nodePath: string
  readonly sandbox: SandboxRunner
  readonly layers: LayerStore
  readonly sources: FileSourceStore
  readonly slugs: FileSlugStore
  readonly limits: SandboxLimits
  /** For every program in the sandbox: a registry or certificates that this machine needs. Not secret. */
  readonly environment: Readonly<Record<string, string>>
}

interface Pack {
  readonly reference: string
  /** On the machine. */
  readonly directory: string
  readonly inside: string
}

interface DetectedPack extends Pack {
  /** What detect printed: `Node.js`. */
  readonly name: string
  readonly number: number
}

export class SandboxBuilder implements Builder {
  readonly #options: SandboxBuilderOptions

  constructor(options: SandboxBuilderOptions) {
    this.#options = options
  }

  async build(request: BuildRequest, signal: AbortSignal): Promise<BuiltSlug> {
    signal.throwIfAborted()
    const { buildDirectory, sandbox, limits, nodePath, sources } = this.#options
    const output = new BuildOutput(request.output)
    // The copy that the build works on; what it adds to that is watched while it runs.
    const sourceBytes = await sources.measure(request.app.id, request.sourceUrl)
    await requireFreeBytes(path.dirname(buildDirectory), sourceBytes, limits.diskReserveBytes)
    const cache = path.join(this.#cachePath(request.app.id), this.#options.layers.stack.name)
    const place = await makeBuildPlace({ id: request.id, buildDirectory, cache, sandbox, nodePath })
    try {
      const built = await new Build(this.#options, request, place, output, signal).run()
      await sources.collect(request.app.id)
      return built
    } catch (error) {
      if (signal.aborted) throw new HearthError('gone', 'The build was cancelled.')
      throw explainFullDisk(error, 'the build')
    } finally {
      await rm(place.directory, { recursive: true, force: true })
    }
  }

  async destroyCache(appId: string): Promise<void> {
    await rm(this.#cachePath(appId), { recursive: true, force: true })
  }

  #cachePath(appId: string): string {
    return path.join(this.#options.cacheDirectory, appId.replace(/[^\w-]/g, ''))
  }
}

/** One run from source to slug; lives as long as that. */
class Build {
  readonly #options: SandboxBuilderOptions
  readonly #request: BuildRequest
  readonly #place: BuildPlace
  readonly #output: BuildOutput
  readonly #signal: AbortSignal
  #needsToolchain = false

  constructor(
    options: SandboxBuilderOptions,
    request: BuildRequest,
    place: BuildPlace,
    output: BuildOutput,
    signal: AbortSignal,
  ) {
    this.#options = options
    this.#request = request
    this.#place = place
    this.#output = output
    this.#signal = signal
  }

  async run(): Promise<BuiltSlug> {
    const { layers, sandbox, sources } = this.#options
    const { owner } = sandbox
    const [output, signal, request] = [this.#output, this.#signal, this.#request]
    output.header(`Building on the ${layers.stack.name} stack`)
    const directory = this.#place.app
    const known = await prepareSource({ request, sources, directory, owner, output, signal })
    await writeConfigVars(this.#place, request.configVars.reveal(), owner)
    const packs = await this.#fetchPacks()
    const detected = await this.#detect(packs)
    const references = await this.#ensureLayers(detected)
    await this.#compile(detected, references)
    const releases = await Promise.all(detected.map((_, index) => readResult(this.#place.results, `${index}.release`)))
    const processTypes = await discoverProcessTypes({ app: this.#place.app, releases, output: this.#output })
    const tree = await this.#makeSlug(known)
    return {
      checksum: tree.checksum,
      layers: references,
      stack: layers.stack.id,
      sizeBytes: tree.sizeBytes,
      processTypes,
      buildpacks: detected.map((pack) => pack.reference),
      description: detected.map((pack) => pack.name).join(', '),
    }
  }

  async #fetchPacks(): Promise<Pack[]> {
    const chosen = this.#request.buildpacks
    const references = chosen.length > 0 ? chosen : listBuiltIns()
    const packs: Pack[] = []
    for (const [index, reference] of references.entries()) {
      const target = path.join(this.#place.packs, `${index}`)
      const place = parseBuildpack(reference)
      if (chosen.length > 0) this.#output.header(`Using buildpack: ${reference}`)
      if (place.kind === 'git') await this.#clone(place.url, place.ref, index)
      else {
        const { buildpackDirectory: builtInDirectory, sandbox } = this.#options
        await fetchBuildpack(place, target, { builtInDirectory, owner: sandbox.owner, signal: this.#signal })
      }
      const directory = await findBuildpackRoot(target)
      const inside = path.join(this.#place.inside.packs, path.relative(this.#place.packs, directory))
      packs.push({ reference, directory, inside })
    }
    return packs
  }

  async #clone(url: string, ref: string, index: number): Promise<void> {
    const target = path.join(this.#place.inside.packs, `${index}`)
    const exit = await this.#sandbox('clone', ['bash', '-c', cloneScript, 'clone', url, ref, target], [])
    if (exit.kind === 'exited' && exit.status === 0) return
    throw failed(exit, `The buildpack ${url} could not be fetched${ref ? ` at ${ref}` : ''}.`)
  }

  async #detect(packs: readonly Pack[]): Promise<DetectedPack[]> {
    const { inside, results } = this.#place
    const mode = this.#request.buildpacks.length > 0 ? 'all' : 'first'
    const parameters = [inside.app, inside.configVars, inside.results, mode, ...packs.map((pack) => pack.inside)]
    const exit = await this.#sandbox('detect', ['bash', '-c', detectScript, 'detect', ...parameters], [])
    if (exit.kind !== 'exited' || exit.status !== 0) throw failed(exit, this.#output.complaint)
    const detected: DetectedPack[] = []
    for (const [number, pack] of packs.entries()) {
      const status = Number((await readResult(results, `${number}.status`)) ?? 1)
      if (status === 0) {
        const name = ((await readResult(results, `${number}.name`)) ?? '').trim().split('\n')[0] || pack.reference
        detected.push({ ...pack, name, number })
        this.#output.header(`${name} app detected`)
        if (mode === 'first') return detected
      } else if (mode === 'all') throw await this.#refuseApp(pack, number)
    }
    if (detected.length > 0) return detected
    this.#output.complain(
      'No buildpack recognises this app.\nA Node.js app has a package.json in its top folder; check that it is there and not ignored.',
    )
    throw new HearthError(
      'build_failed',
      'No buildpack recognises this app. Choose one in the settings, or check that package.json is in the top folder.',
    )
  }

  async #refuseApp(pack: Pack, number: number): Promise<HearthError> {
    const why = ((await readResult(this.#place.results, `${number}.error`)) ?? '').trim()
    const headline = `The buildpack ${pack.reference} does not fit this app.`
    this.#output.complain(`${headline}\n${why || "Remove it in the app's settings, or change the app."}`)
    return new HearthError('build_failed', headline)
  }

  /** Done by the agent, before any of the app's code runs. */
  async #ensureLayers(packs: readonly DetectedPack[]): Promise<LayerReference[]> {
    const progress = { output: this.#output.text, signal: this.#signal }
    const references: LayerReference[] = []
    for (const pack of packs) {
      // A buildpack that names no layers does not know of toolchains either, and expects compilers.
      const requests = (await readResult(this.#place.results, `${pack.number}.layers`)) ?? 'toolchain'
      for (const request of requests.split('\n').map((line) => line.trim()))
        if (request === 'toolchain') this.#needsToolchain = true
        else if (request !== '') references.push(await this.#options.layers.ensure(request, progress))
    }
    // The later buildpack's layer lies on top; the same layer twice would be refused by the kernel.
    const unique = new Map(references.reverse().map((reference) => [reference.digest, reference]))
    return [...unique.values()]
  }

  async #compile(packs: readonly DetectedPack[], layers: readonly LayerReference[]): Promise<void> {
    const { inside, results } = this.#place
    const parameters = [
      inside.app,
      inside.cache,
      inside.configVars,
      inside.results,
      ...packs.map((pack) => pack.inside),
    ]
    const exit = await this.#sandbox('compile', ['bash', '-c', compileScript, 'compile', ...parameters], layers)
    if (exit.kind === 'exited' && exit.status === 0) return
    const [number = '0', status = '1'] = ((await readResult(results, 'failed')) ?? '').trim().split(' ')
    const pack = packs[Number(number)]
    // 128 + SIGKILL: the kernel may take just the program that was too large, and leave the rest of the unit alone.
    if (exit.kind === 'exited' && status === '137') {
      this.#output.complain(describeKill('memory', this.#options.limits))
    }
    throw failed(exit, this.#output.complaint ?? `The buildpack ${pack?.reference} failed with status ${status}.`)
  }

  async #makeSlug(known: KnownDigests): Promise<Tree> {
    const { app, slug } = this.#place
    // Nothing of the build runs any more, so nobody changes the tree while it is read.
    for (const name of ['.git', '.DS_Store']) await rm(path.join(app, name), { recursive: true, force: true })
    let tree = await digestTree(app, known)
    if (tree.strange.length > 0) {
      for (const name of tree.strange) await rm(path.join(app, name), { force: true })
      tree = await digestTree(app, known)
    }
    // What is so large that it can't fit however well it compresses is refused before that work.
    if (tree.sizeBytes > maximumSlugBytes * 8) throw this.#refuseSize(tree.sizeBytes)
    await this.#options.slugs.add(slug, tree)
    // A release need not wait for the archive, unless its size may be the reason to refuse it.
    if (tree.sizeBytes > maximumSlugBytes) await this.#requireArchiveFits(tree)
    this.#output.header(`Slug is ready: ${formatMegabytes(tree.sizeBytes)}, ${tree.entries.length} files and folders`)
    return tree
  }

  async #requireArchiveFits({ checksum }: Tree): Promise<void> {
    const { slugs } = this.#options
    this.#output.header('Compressing')
    await slugs.waitForArchive(checksum)
    const sizeBytes = (await slugs.archiveSizeBytes(checksum)) ?? 0
    if (sizeBytes > maximumSlugBytes) throw this.#refuseSize(sizeBytes)
  }

  #refuseSize(sizeBytes: number): HearthError {
    const message = `The slug is too large: ${formatMegabytes(sizeBytes)}, and ${formatMegabytes(maximumSlugBytes)} compressed is the most.`
    this.#output.complain(message)
    return new HearthError('build_failed', `${message} Leave files out with .slugignore.`)
  }

  async #sandbox(
    step: string,
    command: readonly [string, ...string[]],
    layers: readonly LayerReference[],
  ): Promise<SandboxExit> {
    const { sandbox, limits, layers: store } = this.#options
    const progress = { output: this.#output.text, signal: this.#signal }
    const directories = await Promise.all(layers.map((layer) => store.open(layer, progress)))
    const toolchain = this.#needsToolchain ? await store.openToolchain(progress) : null
    const stack = store.stack.directory
    const lowers = stack === null ? [] : [...directories, ...(toolchain ? [toolchain] : []), stack]
    const exit = await sandbox.run(
      {
        id: `${this.#request.id}-${step}`,
        lowers,
        scratch: this.#place.scratch,
        binds: [
          ...this.#place.binds,
          ...(stack === null ? directories.map((from) => ({ from, to: from, writable: false })) : []),
        ],
        command,
        directory: this.#place.inside.app,
        environment: this.#renderEnvironment(stack === null ? directories : []),
        limits,
        output: this.#output.bytes,
      },
      this.#signal,
    )
    if (exit.kind === 'killed') this.#output.complain(describeKill(exit.by, limits))
    return exit
  }

  #renderEnvironment(layerRoots: readonly string[]): Record<string, string> {
    const { inside } = this.#place
    return {
      ...this.#options.environment,
      HOME: inside.app,
      LANG: 'C.UTF-8',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      STACK: this.#options.layers.stack.name,
      REQUEST_ID: this.#request.id,
      SOURCE_VERSION: this.#request.sourceVersion ?? '',
      DYNO: `build.${this.#request.id.slice(0, 4)}`,
      HEARTH_NODE: inside.node,
      ...(layerRoots.length > 0 ? { HEARTH_LAYERS: layerRoots.join(':') } : {}),
    }
  }
}

function failed(exit: SandboxExit, complaint: string | null): HearthError {
  if (exit.kind === 'killed' && exit.by === 'disk')
    return new HearthError('disk_full', "The build was stopped because the server's disk was nearly full.")
  return new HearthError('build_failed', complaint ?? 'The build failed; its output says why.')
}

function describeKill(by: (SandboxExit & { kind: 'killed' })['by'], limits: SandboxLimits): string {
  switch (by) {
    case 'memory':
      return `The build used more than ${formatMegabytes(limits.memoryBytes)} of memory and was stopped.\nMake it use less (fewer parallel jobs, a smaller heap), or raise the server's limit for builds.`
    case 'time':
      return `The build took longer than ${Math.round(limits.timeoutMs / 60_000)} minutes and was stopped.`
    case 'disk':
      return "The build was stopped because the server's disk was nearly full."
    case 'signal':
      return 'The build was ended by a signal.'
  }
}
