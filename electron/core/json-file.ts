import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { z } from 'zod'
import { HearthError } from '../../agent/contract/errors.ts'

/** What a state file held; `warning` says that it could not be read and was set aside. */
export interface JsonRead<T> {
  readonly value: T | null
  readonly warning: string | null
}

/** Reads a state file of ours. One that is damaged is kept under another name, so that nothing is lost in silence. */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<JsonRead<T>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { value: null, warning: null }
    throw new HearthError('internal', `Could not read ${path}: ${(cause as Error).message}.`, { cause })
  }
  const parsed = schema.safeParse(parse(text))
  if (parsed.success) return { value: parsed.data, warning: null }
  const aside = `${path}.damaged-${randomBytes(4).toString('hex')}`
  await rename(path, aside)
  return { value: null, warning: `${path} was damaged. Hearth starts without it; the old file is ${aside}.` }
}

/** Either the old content or the new one is there, whatever happens in between. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await writeFileWhole(path, `${JSON.stringify(value)}\n`)
}

export function writeFileWhole(path: string, content: string | Uint8Array): Promise<void> {
  return writeAside(path, content, (aside) => rename(aside, path))
}

/** For what is made once: of two programs that start at once the first one's counts, so whoever made it reads it afterwards. */
export function createFileWhole(path: string, content: string | Uint8Array): Promise<void> {
  return writeAside(path, content, async (aside) => {
    const failure = await link(aside, path).catch((error: NodeJS.ErrnoException) => error)
    // A file system that knows no links has to do without the second's patience.
    if (failure && failure.code !== 'EEXIST') return rename(aside, path)
    await rm(aside)
  })
}

async function writeAside(
  path: string,
  content: string | Uint8Array,
  place: (aside: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    const file = await open(aside, 'wx', 0o600)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await place(aside)
  } catch (cause) {
    await rm(aside, { force: true })
    throw new HearthError('internal', `Could not write ${path}: ${(cause as Error).message}.`, { cause })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
