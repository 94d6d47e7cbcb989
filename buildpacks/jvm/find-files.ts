import { glob } from 'node:fs/promises'

/** Paths below `folder` that a pattern matches, by name; none where the folder is missing. */
export async function findFiles(folder: string, pattern: string): Promise<string[]> {
  const found: string[] = []
  for await (const file of glob(pattern, { cwd: folder })) found.push(file)
  return found.sort()
}
