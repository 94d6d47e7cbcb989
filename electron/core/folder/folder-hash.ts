import { createHash } from 'node:crypto'

import { join } from 'node:path'
import { z } from 'zod'
import type { SourceFile } from '../../../agent/contract/sources/source.ts'
import { readJsonFile, writeJsonFile } from '../json-file.ts'
import { openFolderFile } from './folder-file.ts'
import { cannotRead, type FolderFile, type FolderListing, stampOf } from './folder-walk.ts'

/** Path -> what the file looked like and what it held then. */
const hashFile = z.object({
  folder: z.string(),
  hashes: z.record(z.string(), z.tuple([z.string(), z.string()])),
})

/** A file that was written this shortly before its stamp was taken may be written again within the same stamp. */
const tooFreshMs = 50
const parallel = 8

/** The content's digests of folders, remembered by what `stat` says, so that an unchanged file is not read again. */
export class FolderHashes {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  /** The folder's manifest. Files that change meanwhile are taken as they were read; sending them tells. */
  async hash(listing: FolderListing, signal?: AbortSignal): Promise<SourceFile[]> {
    const path = join(this.#directory, `${createHash('sha256').update(listing.root).digest('hex').slice(0, 32)}.json`)
    const known = new Map(Object.entries((await readJsonFile(path, hashFile)).value?.hashes ?? {}))
    const now = Date.now()
    const hashes = new Map<string, [stamp: string, digest: string]>()
    const files: SourceFile[] = new Array(listing.files.length)
    const fresh = new Set<string>()
    await inParallel(listing.files, async (file, index) => {
      signal?.throwIfAborted()
      const [stamp, digest] = known.get(file.path) ?? []
      const hashed =
        digest !== undefined && stamp === file.stamp ? { ...file, digest } : await readDigest(listing, file)
      hashes.set(file.path, [hashed.stamp, hashed.digest])
      if (now - Number.parseFloat(hashed.stamp) < tooFreshMs) fresh.add(file.path)
      files[index] = { path: file.path, mode: file.mode, sizeBytes: hashed.sizeBytes, sha256: hashed.digest }
    })
    for (const name of fresh) hashes.delete(name)
    if (!isSame(known, hashes)) await writeJsonFile(path, { folder: listing.root, hashes: Object.fromEntries(hashes) })
    return [...files, ...listing.links]
  }
}

/** Size and stamp are of the moment before the reading: a change during it makes the stamp old at once. */
async function readDigest(
  { root }: FolderListing,
  { path }: FolderFile,
): Promise<{ sizeBytes: number; stamp: string; digest: string }> {
  try {
    const file = await openFolderFile(join(root, path))
    try {
      const stamp = stampOf(await file.stat())
      const hash = createHash('sha256')
      let sizeBytes = 0
      for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
        hash.update(chunk)
        sizeBytes += chunk.length
      }
      return { sizeBytes, stamp, digest: hash.digest('hex') }
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw cannotRead(path, cause)
  }
}

async function inParallel<T>(items: readonly T[], action: (item: T, index: number) => Promise<void>): Promise<void> {
  const queue = items.entries()
  const workers = Array.from({ length: parallel }, async () => {
    for (const [index, item] of queue) await action(item, index)
  })
  await Promise.all(workers)
}

function isSame(a: ReadonlyMap<string, readonly string[]>, b: ReadonlyMap<string, readonly string[]>): boolean {
  if (a.size !== b.size) return false
  return [...b].every(([path, value]) => a.get(path)?.join() === value.join())
}
