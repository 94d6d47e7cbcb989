import type { LayerReference } from './slug-store.ts'

/** What a job on a layer tells while it works. */
export interface LayerProgress {
  readonly output: (text: string) => void
  readonly signal: AbortSignal
}

/** The stack and the runtime layers over it; each made once, shared by all apps. */
export interface LayerStore {
  /** `id` says what is in it, `name` which release it is; `directory` is null where the stack is the machine itself. */
  readonly stack: { readonly id: string; readonly name: string; readonly directory: string | null }
  /**
   * Makes sure that a layer is there. `request` is a line that a buildpack printed: `node >=22 <25`, `npm 11.x`,
   * `apt ruby bundler for ruby`, `archive go 1.26.11 sha256:... https://...`. Answers with the exact one: `node 24.21.0`, or
   * with null when the machine itself is the stack and has the programs that the packages are wanted for.
   */
  ensure(request: string, progress: LayerProgress): Promise<LayerReference | null>
  /** The directory of a layer that was made before; makes it again when it is gone. */
  open(layer: LayerReference, progress: LayerProgress): Promise<string>
  /** Bytes of a layer's files, null when it is not there. */
  measure(layer: LayerReference): Promise<number | null>
  /** A root with compilers for builds, or null where the machine's own are used. */
  openToolchain(progress: LayerProgress): Promise<string | null>
  /** Of a layer that is under builds and no dyno, so that no slug names it: it stays for the next builds. */
  keepForBuilds(layer: LayerReference): Promise<void>
}
