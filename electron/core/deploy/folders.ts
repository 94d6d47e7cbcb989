import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { notFound } from '../../../agent/contract/errors.ts'
import type { Checkout } from '../git/git-checkouts.ts'
import { type DeploySource, sourceOfCheckout } from './deploy-source.ts'

/** Names a folder to deploy: on this machine, dropped into a browser tab, checked out by git, or a sample of ours. */
export type FolderName =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'upload'; readonly uploadId: string }
  | { readonly kind: 'checkout'; readonly checkoutId: string }
  | { readonly kind: 'sample'; readonly name: string }

export interface Sample {
  readonly name: string
  readonly title: string
  readonly description: string
}

/** The samples that ship with Hearth; each is a folder of that name. */
export const samples: readonly Sample[] = [
  {
    name: 'hello-node',
    title: 'Hello, Node.js',
    description: 'One page that says which dyno answered. Nothing to install, live in seconds.',
  },
  {
    name: 'hello-typescript',
    title: 'Hello, TypeScript',
    description: 'A page that stays connected. Node runs the TypeScript as it is.',
  },
  {
    name: 'hello-python',
    title: 'Hello, Python',
    description: 'The same page by Python’s own web server. Add packages to requirements.txt.',
  },
  {
    name: 'static-site',
    title: 'A static site',
    description: 'HTML and CSS, put together by the build.',
  },
]

export interface FoldersOptions {
  readonly sampleDirectory: string
  /** The folder that an upload was received into. */
  readonly uploadFolder: (uploadId: string) => string
  readonly checkout: (checkoutId: string) => Checkout
}

/** Finds the folder behind a name. */
export class Folders {
  readonly #options: FoldersOptions

  constructor(options: FoldersOptions) {
    this.#options = options
  }

  async open(folder: FolderName): Promise<DeploySource> {
    switch (folder.kind) {
      case 'path':
        return { path: folder.path }
      case 'upload':
        return { path: this.#options.uploadFolder(folder.uploadId) }
      case 'checkout':
        return sourceOfCheckout(this.#options.checkout(folder.checkoutId))
      case 'sample': {
        const isKnown = samples.some(({ name }) => name === folder.name)
        const path = join(this.#options.sampleDirectory, folder.name)
        if (!isKnown || !existsSync(path)) throw notFound('sample', folder.name)
        return { path }
      }
    }
  }
}
