import type { KnownBuildpack } from '../../../contract/builds/built-in-buildpacks.ts'
import type { Secret } from '../../secret.ts'
import type { SlugImage, SlugParts } from './slug-store.ts'

export interface BuildRequest {
  readonly id: string
  readonly app: { readonly id: string; readonly name: string }
  /** The name of the stack to build on; on `container` images are made, by a heroku.yml or a Dockerfile, on `cnb` by a builder. */
  readonly stack: string
  /**
   * `manifest:<id>` of the source store, the secret of an uploaded tarball (`blob:<secret>`), a commit of the app's
   * repository (`git:<commit>`), an http(s) URL, an image that a registry has (`docker://registry.example/shop:1`), or images
   * for some process types (`images:web=sha256:…`), of registries or pushed to the app.
   */
  readonly sourceUrl: string
  /** `SHA256:<hex>` of a tarball, when the sender gave it. */
  readonly sourceChecksum: string | null
  /** Commit or other name, handed to buildpacks as SOURCE_VERSION. */
  readonly sourceVersion: string | null
  /** In order; empty means those that the source asks for, else detection. */
  readonly buildpacks: readonly string[]
  /** Reference to commit or digest of the buildpacks that came from elsewhere, in the app's last build: what moved since is told. */
  readonly pins: Readonly<Record<string, string>>
  readonly configVars: Secret<Readonly<Record<string, string>>>
  /** What runs now, null when that is no images: of it stays what runs the process types that no new image is chosen for. */
  readonly current: (SlugParts & Pick<BuiltSlug, 'images' | 'processTypes'>) | null
  /** Called with text as it arrives, Heroku's arrows included. */
  readonly output: (text: string) => void
}

/** Facts that a buildpack tells of a build: `node_version` is `24.21.0`. */
export interface BuildpackReport {
  /** Its reference, as given or as detected. */
  readonly buildpack: string
  readonly facts: Readonly<Record<string, string>>
}

export interface BuiltSlug extends SlugParts {
  /** Bytes of the app's files, not counting layers and stack. */
  readonly sizeBytes: number
  /** Procfile types over the buildpack's defaults. */
  readonly processTypes: Readonly<Record<string, string>>
  /** The references of those that compiled it, as given or as detected, in order. */
  readonly buildpacks: readonly string[]
  /** The request, a file of the source, or what the app looks like. */
  readonly chosenBy: 'app' | 'source' | 'detection'
  /** The names that detect printed, joined: `Node.js`. */
  readonly description: string
  readonly reports: readonly BuildpackReport[]
  /** None in a slug of files for /app; otherwise each is a folder of the tree. */
  readonly images: readonly SlugImage[]
}

/** An uploaded archive of a slug that was made elsewhere. */
export interface SlugImport {
  /** The name of the stack that it runs on. */
  readonly stack: string
  /** Unique. */
  readonly id: string
  /** Names the upload in the source store. */
  readonly secret: string
  /** `SHA256:<hex>` of the archive, when the sender gave it. */
  readonly checksum: string | null
}

export interface ImportedSlug {
  /** `SHA256:<hex>` over the slug's tree, as of one that was built here. */
  readonly checksum: string
  readonly stack: string
  readonly sizeBytes: number
  readonly images: readonly SlugImage[]
}

/** A source that is here, and what it says of the app that is made from it. */
export interface TakenSource {
  /** What a build of it names. */
  readonly url: string
  /** Its app.json; null when it has none. */
  readonly manifest: string | null
  /** The section `setup` of its heroku.yml, an empty one without that; null when it has no heroku.yml. */
  readonly setup: SourceSetup | null
}

export interface SourceSetup {
  readonly configVars: Readonly<Record<string, string>>
  /** Plans: `heroku-postgresql`. */
  readonly addOns: readonly string[]
}

/** Turns a source into a slug. */
export interface Builder {
  readonly buildpacks: readonly KnownBuildpack[]
  /**
   * Throws HearthError `build_failed` when the source is to blame (its message is the last line a user needs),
   * `disk_full` when the reserve would be crossed. Aborting the signal ends the sandbox and throws `gone`.
   * Leaves nothing behind but the slug and the app's cache.
   */
  build(request: BuildRequest, signal: AbortSignal): Promise<BuiltSlug>
  /** Takes in a source that a URL names (`/source-blobs/SECRET`, http or https), once, and reads what it says of its app. */
  takeSource(url: string, signal: AbortSignal): Promise<TakenSource>
  /** Takes over a slug that was made elsewhere; throws HearthError when the archive is not one. */
  importSlug(request: SlugImport): Promise<ImportedSlug>
  /** Forgets an app's build cache. */
  destroyCache(appId: string): Promise<void>
}
