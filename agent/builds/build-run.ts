import type { BuildRequest } from '../core/ports/builds/builder.ts'
import type { CommitSource } from '../core/ports/builds/commit-source.ts'
import type { LayerStore } from '../core/ports/builds/layer-store.ts'
import type { SandboxLimits, SandboxRunner } from '../core/ports/builds/sandbox.ts'
import type { StackStore } from '../core/ports/builds/stack-store.ts'
import type { BuildOutput } from './build-output.ts'
import type { BuildPlace } from './build-place.ts'
import type { FileSlugStore } from './slugs/slug-store.ts'
import type { FileSourceStore } from './sources/source-store.ts'

/** What makes images, where it is there: podman in a sandbox whose root it is. */
export interface ImageWorkshop {
  readonly sandbox: SandboxRunner
  /** The builder of apps on the stack `cnb` that name none. */
  readonly defaultBuilder: string
  /** A file with the system calls that containers have, as podman takes it. */
  readonly systemCalls: string
  /** Throws `invalid_params`, saying what to install, when the server can't run containers. */
  require(): Promise<void>
}

export interface SandboxBuilderOptions {
  readonly buildDirectory: string
  readonly cacheDirectory: string
  readonly buildpackDirectory: string
  readonly nodePath: string
  readonly sandbox: SandboxRunner
  /** Null on the embedded server. */
  readonly images: ImageWorkshop | null
  readonly stacks: StackStore
  readonly sources: FileSourceStore
  readonly commits: CommitSource
  readonly slugs: FileSlugStore
  readonly limits: SandboxLimits
  /** Whether a source's or a buildpack's URL may lead to addresses of the machine itself. */
  readonly allowsOwnAddresses: boolean
  /** For every program in the sandbox: a registry or certificates that this machine needs. Not secret. */
  readonly environment: Readonly<Record<string, string>>
}

/** One run from source to slug: what each of its steps works with. */
export interface BuildRun {
  readonly options: SandboxBuilderOptions
  readonly request: BuildRequest
  readonly place: BuildPlace
  /** The app's stack and what lies over it. */
  readonly layers: LayerStore
  readonly output: BuildOutput
  readonly signal: AbortSignal
}
