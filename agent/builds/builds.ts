import { chmod, mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Builder } from '../core/ports/builds/builder.ts'
import type { CommitSource } from '../core/ports/builds/commit-source.ts'
import type { SandboxLimits, SandboxRunner } from '../core/ports/builds/sandbox.ts'
import type { StackStore } from '../core/ports/builds/stack-store.ts'
import { chooseLimits } from './build-limits.ts'
import type { ImageWorkshop } from './build-run.ts'
import { dropTornCaches } from './cache-mark.ts'
import { SandboxBuilder } from './sandbox-builder.ts'
import { FileSlugStore } from './slugs/slug-store.ts'
import { FileSourceStore } from './sources/source-store.ts'
import { removeTree } from './trees/remove-tree.ts'

export interface BuildsOptions {
  /** Holds sources/, builds/, caches/ and slugs/, which must be on one file system. */
  readonly stateDirectory: string
  /** One folder a built-in buildpack. */
  readonly buildpackDirectory: string
  readonly sandbox: SandboxRunner
  /** Null where there are no containers. */
  readonly images?: ImageWorkshop | null
  readonly stacks: StackStore
  /** Where commits come from that were pushed. */
  readonly commits: CommitSource
  readonly limits?: Partial<SandboxLimits>
  /** Whether URLs that users name may lead to addresses of the machine itself; true on this computer only. */
  readonly allowsOwnAddresses: boolean
  /** For every program in the sandbox: a registry or certificates that this machine needs. Not secret. */
  readonly environment?: Readonly<Record<string, string>>
  /** A Node for buildpacks; this one by default. */
  readonly nodePath?: string
  readonly log: (message: string) => void
}

export interface Builds {
  readonly builder: Builder
  readonly slugs: FileSlugStore
  readonly sources: FileSourceStore
  close(): Promise<void>
}

/** Everything between a source and a slug. What an agent that died in a build left behind is removed. */
export async function createBuilds(options: BuildsOptions): Promise<Builds> {
  const at = (name: string) => path.join(options.stateDirectory, name)
  const limits = { ...chooseLimits(), ...options.limits }
  // Root mounts what is below; nobody else of this machine has business there.
  for (const name of ['sources', 'builds', 'caches', 'slugs']) {
    await mkdir(at(name), { recursive: true })
    await chmod(at(name), 0o700)
  }
  const { stacks, sandbox, log } = options
  // What can't be removed is no reason not to start.
  for (const name of await readdir(at('builds')))
    await removeTree(path.join(at('builds'), name)).catch((error: Error) => log(`What a build left: ${error.message}`))
  await dropTornCaches(at('caches')).catch((error: Error) => log(`What builds kept: ${error.message}`))
  const sources = new FileSourceStore(at('sources'), limits.diskReserveBytes)
  const slugs = new FileSlugStore({ directory: at('slugs'), stacks, log })
  const builder = new SandboxBuilder({
    buildDirectory: at('builds'),
    cacheDirectory: at('caches'),
    buildpackDirectory: options.buildpackDirectory,
    nodePath: options.nodePath ?? process.execPath,
    sandbox,
    images: options.images ?? null,
    stacks,
    sources,
    commits: options.commits,
    slugs,
    limits,
    allowsOwnAddresses: options.allowsOwnAddresses,
    environment: options.environment ?? {},
  })
  return { builder, slugs, sources, close: () => slugs.close() }
}
