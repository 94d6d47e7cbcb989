import { chown, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { SlugTree } from '../../core/ports/builds/slug-store.ts'
import { Turns } from '../../core/turns.ts'
import { runCommand } from '../../exec/command.ts'
import { isAppUid } from './app-accounts.ts'

/**
 * An app may change its own files, in the copy that each of its dynos has, and nobody else may: so a slug belongs to the
 * user of the app that first runs it. Another app with the very same files gets a copy of its own.
 */
export class AppSlugs {
  /** Two apps may come with one slug at once. */
  readonly #turns = new Turns()

  give(uid: number, tree: SlugTree): Promise<SlugTree> {
    return this.#turns.take(tree.appDirectory, () => giveSlug(uid, tree))
  }
}

async function giveSlug(uid: number, tree: SlugTree): Promise<SlugTree> {
  const owner = await readOwner(tree.appDirectory)
  // A missing slug is for the mount to complain of.
  if (owner === null || owner === uid) return tree
  if (!isAppUid(owner)) {
    await chownTree(uid, tree.appDirectory)
    return tree
  }
  // Beside the slug, by a name that goes with it when slugs are collected.
  const place = path.join(`${path.dirname(tree.appDirectory)}.copies`, String(uid))
  const copy = path.join(place, 'app')
  if ((await readOwner(copy)) !== uid) await copySlug(uid, tree.appDirectory, place)
  return { ...tree, appDirectory: copy }
}

async function copySlug(uid: number, from: string, place: string): Promise<void> {
  const next = `${place}.new`
  for (const old of [next, place]) await rm(old, { recursive: true, force: true })
  await mkdir(next, { recursive: true, mode: 0o700 })
  await runCommand(['cp', '--archive', '--reflink=auto', from, next])
  await chownTree(uid, path.join(next, 'app'))
  await rename(next, place)
}

/** The folder itself comes last, and tells that the rest is done. */
async function chownTree(uid: number, directory: string): Promise<void> {
  const names = await readdir(directory)
  const inside = names.map((name) => path.join(directory, name))
  for (let first = 0; first < inside.length; first += 500)
    await runCommand([
      'chown',
      '--recursive',
      '--no-dereference',
      `${uid}:${uid}`,
      '--',
      ...inside.slice(first, first + 500),
    ])
  await chown(directory, uid, uid)
}

async function readOwner(directory: string): Promise<number | null> {
  return stat(directory).then(
    (found) => found.uid,
    () => null,
  )
}
