import { glob } from 'node:fs/promises'

/** Paths below `folder` that a pattern matches, by name; none where the folder is missing. */
export async function findFiles(folder: string, pattern: string): Promise<string[]> {
  const found: string[] = []
  for await (const file of glob(pattern, { cwd: folder })) found.push(file)
  return found.sort()
}

/** Scripts that a build tool wrote to start the app, such as a Procfile can name without quotes; those for Windows are none. */
export async function findStartScripts(folder: string, pattern: string): Promise<string[]> {
  const found = await findFiles(folder, pattern)
  return found.filter((file) => /^[\w./-]+$/.test(file) && !file.endsWith('.bat'))
}
