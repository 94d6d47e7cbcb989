import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { HearthError } from '../../contract/errors.ts'
import type { SlugImage } from '../../core/ports/builds/slug-store.ts'
import type { Tree } from '../trees/tree-digest.ts'

/** In a slug's tree, beside the images: so the slug is whole by itself, and its checksum stands for this too. */
const fileName = 'images.json'
const maximumBytes = 1024 * 1024

const slugImage = z.strictObject({
  folder: z.string().regex(/^[-\w]{1,128}$/),
  processTypes: z.array(z.string()),
  reference: z.string(),
  digest: z.string(),
  environment: z.record(z.string(), z.string()),
  directory: z.string(),
  uid: z.number().int().positive(),
  home: z.string(),
  hasLauncher: z.boolean().exactOptional(),
})

/** Into a tree that strangers' code has written: never through what it may have put there. */
export async function writeImageList(app: string, images: readonly SlugImage[]): Promise<void> {
  const file = await open(path.join(app, fileName), 'wx', 0o644)
  try {
    await file.writeFile(`${JSON.stringify(images, null, 2)}\n`)
  } finally {
    await file.close()
  }
}

/** The images of a tree, none when it is an ordinary slug's. Throws HearthError when what it says is not so. */
export async function readImageList(app: string, tree: Tree): Promise<readonly SlugImage[]> {
  if (!tree.entries.some(({ kind, path: name }) => kind === 'file' && name === fileName)) return []
  const images = z.array(slugImage).safeParse(await readJson(path.join(app, fileName)))
  if (!images.success) return []
  requireFolders(tree, images.data)
  return images.data
}

/** A root that is a link would be one of the server's own folders. */
export function requireFolders(tree: Tree, images: readonly SlugImage[]): void {
  const folders = new Set(tree.entries.filter(({ kind }) => kind === 'folder').map(({ path: name }) => name))
  if (images.every(({ folder }) => folders.has(folder))) return
  throw new HearthError('build_failed', 'A root file system of the image is not a folder.')
}

async function readJson(name: string): Promise<unknown> {
  const file = await open(name, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const { size } = await file.stat()
    if (size > maximumBytes) return null
    return JSON.parse(await file.readFile('utf8'))
  } catch {
    return null
  } finally {
    await file.close()
  }
}
