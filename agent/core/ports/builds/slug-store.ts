import type { SlugFiles } from '../../../contract/releases/slug-files.ts'

/** A read-only runtime layer, by content: made once per server, shared by all apps. */
export interface LayerReference {
  /** `node 24.21.0`, `apt ruby bundler` */
  readonly provider: string
  /** SHA-256 of what it is made from and for which stack. */
  readonly digest: string
}

/** How a program is started in the root file system that an image brings along. */
export interface ImageRuntime {
  /** Its folder in the slug's tree; the whole of what a dyno has as its root. */
  readonly folder: string
  /** What its makers set in it (`ENV`); config vars come on top. */
  readonly environment: Readonly<Record<string, string>>
  /** Where commands begin (`WORKDIR`). */
  readonly directory: string
  /** What the app's user is called by inside (`USER`), never 0. */
  readonly uid: number
  readonly home: string
}

/** One of the images that a slug is made of. */
export interface SlugImage extends ImageRuntime {
  /** Those that run in it. Everything else, one-off dynos too, runs in the first image. */
  readonly processTypes: readonly string[]
  /** As it was asked for: `registry.example/shop:1`, the Dockerfile that it was built by, or the builder with its digest. */
  readonly reference: string
  /** `sha256:<hex>` of its manifest. */
  readonly digest: string
  /** Whether its programs are started by the launcher of Cloud Native Buildpacks, `/cnb/lifecycle/launcher`. */
  readonly hasLauncher?: boolean
}

/** What a slug is made of, as the state keeps it. */
export interface SlugParts {
  /** `SHA256:<hex>` over the tree of /app. */
  readonly checksum: string
  readonly layers: readonly LayerReference[]
  /** Digest-bearing name of the stack it was built on. */
  readonly stack: string
}

/** A slug's directories, ready to be the lowers of an overlay: app over layers (first on top) over stack. */
export interface SlugTree {
  readonly checksum: string
  /** Holds the content of /app. */
  readonly appDirectory: string
  /** Each holds a root (`usr/...`) that lies over the stack. */
  readonly layerDirectories: readonly string[]
  /** The root file system, or null on the embedded server, whose stack is the machine itself. */
  readonly stackDirectory: string | null
}

/** What lies on the disk for a slug. */
export interface SlugWeighing {
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[]
  /** Of its layers, in their order; null for one that has to be made again. */
  readonly layerBytes: readonly (number | null)[]
}

export interface SlugStore {
  /**
   * The directories of a slug. Verified against the checksum once per agent start; a damaged tree is extracted again
   * from its archive, and HearthError says so when that fails too.
   */
  open(slug: SlugParts): Promise<SlugTree>
  /** Bytes of the compressed archive, null until it is written. */
  archiveSizeBytes(checksum: string): Promise<number | null>
  /**
   * The compressed archive's bytes (tar with zstd); waits for one that is being written. Throws `not_found` when there
   * is none.
   */
  openArchive(checksum: string): Promise<AsyncIterable<Uint8Array>>
  /** What the slug holds, also after a restart; throws `not_found` when its tree was removed. */
  files(checksum: string): Promise<SlugFiles>
  /** Throws `not_found` when the slug's tree was removed. */
  weigh(slug: SlugParts): Promise<SlugWeighing>
  /** Removes slugs, layers and stacks that nothing refers to; `stacks` are those that next builds will want. Returns the bytes won. */
  collect(keep: readonly SlugParts[], stacks: readonly string[]): Promise<number>
}
