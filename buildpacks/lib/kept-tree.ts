import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { copyTree, isThere } from './copy-tree.ts'

/** Everything that decides what a tree holds, each under the name that a user knows it by. */
export type TreeInputs = Readonly<Record<string, string>>

/** A folder that is kept from build to build as long as all that it was made from is the same. */
export class KeptTree {
  readonly #tree: string
  readonly #file: string

  constructor(cache: string, name = 'tree') {
    this.#tree = path.join(cache, name)
    this.#file = path.join(cache, `${name}-inputs.json`)
  }

  /** Puts the kept folder there and says null, or says why it can't be used; empty when nothing was kept. */
  async restore(inputs: TreeInputs, target: string): Promise<string | null> {
    const kept = await this.#readInputs()
    if (kept === null || !(await isThere(this.#tree))) return ''
    const now = digestInputs(inputs)
    const names = [...new Set([...Object.keys(kept), ...Object.keys(now)])]
    const changed = names.filter((name) => kept[name] !== now[name])
    if (changed.length > 0) return `${changed.join(', ')} changed since the last build`
    await copyTree(this.#tree, target)
    return null
  }

  async keep(inputs: TreeInputs, source: string): Promise<void> {
    // First the inputs go, so that a build that ends in between leaves nothing that looks whole.
    await this.drop()
    await mkdir(path.dirname(this.#tree), { recursive: true })
    await copyTree(source, this.#tree)
    await writeFile(this.#file, JSON.stringify(digestInputs(inputs)))
  }

  async drop(): Promise<void> {
    await rm(this.#file, { force: true })
    await rm(this.#tree, { recursive: true, force: true })
  }

  async #readInputs(): Promise<Record<string, string> | null> {
    try {
      return JSON.parse(await readFile(this.#file, 'utf8')) as Record<string, string>
    } catch {
      return null
    }
  }
}

/** Texts may be long or secret, so only their digests are kept. */
function digestInputs(inputs: TreeInputs): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, text]) => [name, createHash('sha256').update(text).digest('hex')]),
  )
}
