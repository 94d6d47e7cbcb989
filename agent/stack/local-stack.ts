import type { StackStore } from '../core/ports/builds/stack-store.ts'
import { DirectoryLayerStore } from './directory-layer-store.ts'
import type { Mirror } from './mirrors.ts'

interface LocalStackOptions {
  readonly directory: string
  readonly registryUrl: string
  readonly mirrors?: readonly Mirror[]
}

/** The embedded server's: the machine itself is the stack, layers are folders beside the apps. */
export function openLocalStack(options: LocalStackOptions): DirectoryLayerStore {
  return new DirectoryLayerStore({
    mirrors: [],
    ...options,
    stack: { id: 'local', name: 'local', directory: null },
    installPackages: null,
    toolchainPackages: null,
  })
}

/** The one stack, whatever is asked for: an app may have come from a server. */
export function openLocalStacks(options: LocalStackOptions): StackStore {
  const layers = openLocalStack(options)
  return {
    names: ['local'],
    open: async () => layers,
    collect: (keep) => layers.collect(keep.layers.map(({ digest }) => digest)),
  }
}
