import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Build } from './build.ts'
import { copyTree, isThere } from './copy-tree.ts'

export interface KeptFolder {
  /** Relative to the app. */
  readonly name: string
  /** False for what only builds use: it is taken out of the slug. */
  readonly isShipped: boolean
}

/** Folders that tools of the app keep for their own next run, and judge themselves whether they still fit. */
export class KeptFolders {
  readonly #build: Pick<Build, 'app' | 'cache'>
  readonly #folders: readonly KeptFolder[]

  constructor(build: Pick<Build, 'app' | 'cache'>, folders: readonly KeptFolder[]) {
    this.#build = build
    this.#folders = folders
  }

  /** What the source itself brings stays. */
  async restore(): Promise<void> {
    for (const { name } of this.#folders) {
      const [kept, current] = this.#places(name)
      if ((await isThere(kept)) && !(await isThere(current))) await copyTree(kept, current)
    }
  }

  async save(): Promise<void> {
    for (const { name, isShipped } of this.#folders) {
      const [kept, current] = this.#places(name)
      if (!(await isThere(current))) continue
      await copyTree(current, kept)
      if (!isShipped) await rm(current, { recursive: true, force: true })
    }
  }

  #places(name: string): [kept: string, current: string] {
    return [path.join(this.#build.cache, 'build', encodeURIComponent(name)), path.join(this.#build.app, name)]
  }
}
