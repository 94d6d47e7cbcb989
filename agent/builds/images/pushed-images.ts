import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** An image that was pushed to an app: a source manifest whose files are its parts. */
export interface PushedParts {
  readonly type: string
  readonly id: string
  readonly manifestId: string
  readonly at: string
}

/** A file for each process type, so that pushes of several at once don't meet. */
export async function writePushedImage(folder: string, image: PushedParts): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, `${image.type}.json`)
  await writeFile(`${file}.new`, JSON.stringify(image), { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** Ordered by process type. */
export async function readPushedImages(folder: string): Promise<PushedParts[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = names.filter((name) => name.endsWith('.json')).sort()
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')))
  return texts.map((text) => JSON.parse(text) as PushedParts)
}
