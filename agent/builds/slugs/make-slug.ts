import { rm } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import type { BuildRun } from '../build-run.ts'
import { formatMegabytes } from '../disk-reserve.ts'
import { removeTree } from '../trees/remove-tree.ts'
import { digestTree, type KnownDigests, type Tree, type TreeLimits } from '../trees/tree-digest.ts'
import { maximumSlugBytes } from './slug-store.ts'

/** What is so large that it can't fit however well it compresses; more files than the largest apps have. */
const treeLimits: TreeLimits = { maximumBytes: maximumSlugBytes * 8, maximumEntries: 500_000 }

/** Hands what the build left in the app's directory to the slug store, unless it is too large. */
export async function makeSlug(run: BuildRun, known: KnownDigests): Promise<Tree> {
  const { top, slug } = run.place
  const tree = await settleTree(top, known)
  await run.options.slugs.add(slug, tree)
  // A release need not wait for the archive, unless its size may be the reason to refuse it.
  if (tree.sizeBytes > maximumSlugBytes) await requireArchiveFits(run, tree)
  run.output.header(`Slug is ready: ${formatMegabytes(tree.sizeBytes)}, ${tree.entries.length} files and folders`)
  return tree
}

/** Leaves out what is no part of a slug. Nothing runs in the tree any more, so nobody changes it while it is read. */
export async function settleTree(app: string, known?: KnownDigests): Promise<Tree> {
  for (const name of ['.git', '.DS_Store']) await removeTree(path.join(app, name))
  const tree = await digestTree(app, known, treeLimits)
  if (tree.strange.length === 0) return tree
  for (const name of tree.strange) await rm(path.join(app, name), { force: true })
  return digestTree(app, known)
}

async function requireArchiveFits(run: BuildRun, { checksum }: Tree): Promise<void> {
  const { slugs } = run.options
  run.output.header('Compressing')
  await slugs.waitForArchive(checksum)
  const sizeBytes = (await slugs.archiveSizeBytes(checksum)) ?? 0
  if (sizeBytes > maximumSlugBytes) throw refuseSize(run, sizeBytes)
}

function refuseSize({ output }: BuildRun, sizeBytes: number): HearthError {
  const message = `The slug is too large: ${formatMegabytes(sizeBytes)}, and ${formatMegabytes(maximumSlugBytes)} compressed is the most.`
  output.complain(message)
  return new HearthError('build_failed', `${message} Leave files out with .slugignore.`)
}
