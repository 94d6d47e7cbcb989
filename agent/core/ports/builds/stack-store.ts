import type { LayerProgress, LayerStore } from './layer-store.ts'
import type { LayerReference } from './slug-store.ts'

/** The stacks of a server side by side, each with the layers over it. */
export interface StackStore {
  /** What may be asked for by name, the server's own first, which apps get that ask for none; not each is made yet. */
  readonly names: readonly [usual: string, ...others: string[]]
  /**
   * By name (`debian-12`) or by the id that a slug carries (`debian-12-0f3a5c7e9b1d`). One that is offered and not there is made, which
   * takes a minute and needs its packages' archive; throws HearthError that says what is missing.
   */
  open(stack: string, progress: LayerProgress): Promise<LayerStore>
  /** Removes layers that nothing refers to, and stacks that are not among the kept names and ids; returns the bytes won. */
  collect(keep: { readonly layers: readonly LayerReference[]; readonly stacks: readonly string[] }): Promise<number>
}
