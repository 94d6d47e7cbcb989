import { DirectoryLayerStore } from './directory-layer-store.ts'

/** The embedded server's: the machine itself is the stack, layers are folders beside the apps. */
export function openLocalStack(options: { directory: string; registryUrl: string }): DirectoryLayerStore {
  return new DirectoryLayerStore({
    ...options,
    stack: { id: 'local', name: 'local', directory: null },
    installPackages: null,
    toolchainPackages: null,
  })
}
