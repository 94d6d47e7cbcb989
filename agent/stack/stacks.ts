import { chmod, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../contract/errors.ts'
import { stackNameOf } from '../core/builds/stack-name.ts'
import type { LayerProgress } from '../core/ports/builds/layer-store.ts'
import type { LayerReference } from '../core/ports/builds/slug-store.ts'
import type { StackStore } from '../core/ports/builds/stack-store.ts'
import { DirectoryLayerStore, measureDirectory } from './directory-layer-store.ts'
import type { Mirror } from './mirrors.ts'
import { type OsRelease, parseOsRelease } from './os-release.ts'
import { createAptInstaller, findStacks, makeStack, type Stack } from './stack.ts'
import { listOffers, type StackArchive, type StackOffer } from './stack-offers.ts'
import { toolchainPackages } from './stack-script.ts'

export interface StacksOptions {
  /** Holds `<name>-<digest>/` for each stack. */
  readonly stackDirectory: string
  /** Of all stacks: what a layer is for is in its digest. */
  readonly layerDirectory: string
  readonly registryUrl: string
  readonly mirrors?: readonly Mirror[]
  /** Archives of stacks that the server's own package sources do not have. */
  readonly archives?: ReadonlyMap<string, StackArchive>
  /** Throws `disk_full` when so many bytes more would leave the server's disk less than its reserve. */
  readonly requireFree: (neededBytes: number) => Promise<void>
}

/** A stack and, while it is made, the packages that it is made of. */
const stackBytes = 600 * 1024 * 1024

/** A server's stacks, its own release made when it is missing; others are made when a build first asks for them. */
export async function openStacks(options: StacksOptions, progress: LayerProgress): Promise<Stacks> {
  const own = parseOsRelease(await readFile('/etc/os-release', 'utf8'))
  await mkdir(options.layerDirectory, { recursive: true })
  await chmod(options.layerDirectory, 0o700)
  const stacks = new Stacks(options, own, await findStacks(options.stackDirectory))
  await stacks.open(own.stack, progress)
  // Set-user-id programs are in it, which the server's own updates do not reach.
  await chmod(options.stackDirectory, 0o700)
  return stacks
}

export class Stacks implements StackStore {
  readonly names: StackStore['names']
  readonly #options: StacksOptions
  readonly #own: OsRelease
  readonly #offers: readonly StackOffer[]
  /** By name; a job while the stack is made, however many builds ask. */
  readonly #opened = new Map<string, Promise<DirectoryLayerStore>>()
  /** One is made at a time: they share the folder's mode while apt works in it. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: StacksOptions, own: OsRelease, present: readonly Stack[]) {
    this.#options = options
    this.#own = own
    const [first, ...others] = listOffers(own, options.archives ?? new Map())
    this.#offers = [first, ...others]
    this.names = [first.stack, ...others.map(({ stack }) => stack)]
    for (const stack of present) this.#opened.set(stack.name, Promise.resolve(this.#openLayers(stack)))
  }

  open(stack: string, progress: LayerProgress): Promise<DirectoryLayerStore> {
    const name = stackNameOf(stack)
    const opened = this.#opened.get(name) ?? this.#make(name, progress)
    this.#opened.set(name, opened)
    opened.catch(() => this.#opened.delete(name))
    return opened
  }

  async collect(keep: { layers: readonly LayerReference[]; stacks: readonly string[] }): Promise<number> {
    const kept = new Set([this.#own.stack, ...keep.stacks.map(stackNameOf)])
    let wonBytes = 0
    for (const id of await readdir(this.#options.stackDirectory)) {
      // One that is being made has a dot in front.
      if (id.startsWith('.') || kept.has(stackNameOf(id))) continue
      this.#opened.delete(stackNameOf(id))
      const directory = path.join(this.#options.stackDirectory, id)
      wonBytes += await measureDirectory(directory)
      await rm(directory, { recursive: true, force: true })
      await rm(this.#listsOf(stackNameOf(id)), { recursive: true, force: true })
    }
    const stores = await Promise.all(this.#opened.values())
    const toolchains = stores.flatMap(({ toolchainDigest }) => toolchainDigest ?? [])
    const digests = [...keep.layers.map(({ digest }) => digest), ...toolchains]
    return wonBytes + ((await stores[0]?.collect(digests)) ?? 0)
  }

  async #make(name: string, progress: LayerProgress): Promise<DirectoryLayerStore> {
    const offer = this.#offers.find(({ stack }) => stack === name)
    if (!offer) {
      const offered = this.names.join(', ')
      throw new HearthError('unavailable', `There is no stack ${name} on this server, only ${offered}.`)
    }
    try {
      const make = async () => {
        await this.#options.requireFree(stackBytes)
        return makeStack({ own: this.#own, offer }, this.#options.stackDirectory, progress)
      }
      const making = this.#turn.then(make)
      this.#turn = making.catch(() => {})
      return this.#openLayers(await making)
    } catch (cause) {
      progress.signal.throwIfAborted()
      const why = (cause as Error).message
      if (cause instanceof HearthError && cause.id === 'disk_full')
        throw new HearthError('disk_full', `The stack ${name} could not be made: ${why}`, { cause })
      const from =
        offer.archive === null
          ? `the server's own package sources: see that "apt-get update" works there.`
          : `${offer.archive.url} and ${offer.archive.securityUrl}, by HEARTH_STACKS (STACK=ADDRESS,ADDRESS-OF-SECURITY-UPDATES).`
      throw new HearthError(
        'unavailable',
        `The stack ${name} could not be made: ${why}\nIts packages come from ${from}`,
        { cause },
      )
    }
  }

  #openLayers(stack: Stack): DirectoryLayerStore {
    const { layerDirectory: directory, registryUrl, mirrors = [] } = this.#options
    return new DirectoryLayerStore({
      directory,
      stack,
      registryUrl,
      mirrors,
      installPackages: createAptInstaller(stack, this.#listsOf(stack.name)),
      toolchainPackages,
    })
  }

  /** Where apt keeps what the archive of a stack has; it drops what is not that stack's own. */
  #listsOf(name: string): string {
    return path.join(this.#options.layerDirectory, 'apt', name)
  }
}
