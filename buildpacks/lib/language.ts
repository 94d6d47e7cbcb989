import type { KnownFailure } from './failures.ts'

/**
 * What a buildpack says of itself. The build works by it where it can, and `npm run docs` makes docs/languages.md of it, so
 * that the page can't promise what the code does not do.
 */
export interface Language {
  /** `Python` */
  readonly name: string
  /** `hearth/python` */
  readonly buildpack: string
  /** Any of these in the top folder; what bin/detect looks for. */
  readonly detectedBy: readonly string[]
  readonly versions: {
    /** What an app gets that asks for none. */
    readonly byDefault: string
    /** Where a wish is looked for, the first that has one counts. */
    readonly sources: readonly string[]
    /** Which ones there are, and where they come from. */
    readonly available: string
  }
  /** How dependencies are installed, by which file. */
  readonly managers: readonly { readonly name: string; readonly file: string; readonly command: string }[]
  readonly cache: {
    readonly kept: string
    /** What makes the build start anew. */
    readonly droppedBy: string
  }
  /** Whether the same source and layers make the same slug, and what keeps them from it; left out where it was not tried. */
  readonly sameEachTime?: string
  /** Commands that an app gets without a Procfile. */
  readonly processes: readonly { readonly type: string; readonly of: string; readonly command: string }[]
  /** What the app may have to step into its own build. */
  readonly hooks: readonly string[]
  readonly configVars: readonly { readonly name: string; readonly meaning: string }[]
  readonly failures: readonly KnownFailure[]
  /** What can't be had, and on which kind of server. */
  readonly limits: readonly string[]
}
