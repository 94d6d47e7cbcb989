import { DirectoryLayerStore } from './directory-layer-store.ts'
import type { Mirror } from './mirrors.ts'

/** The embedded server's: the machine itself is the stack, layers are folders beside the apps. */
export function openLocalStack(options: {
  directory: string
  registryUrl: string
  mirrors?: readonly Mirror[]
}): DirectoryLayerStore {
  return new DirectoryLayerStore({
    mirrors: [],
    ...options,
    stack: { id: 'local', name: 'local', directory: null },
    installPackages: null,
    toolchainPackages: null,
  })
}
