import { glob } from 'node:fs/promises'
import { builtIns } from '../../contract/builds/built-in-buildpacks.ts'

const shownSigns = 3

/** The files by which a built-in buildpack takes the app: `package.json`. Empty for one that comes from elsewhere. */
export async function findSigns(app: string, reference: string): Promise<string[]> {
  const known = builtIns.find(({ name, aliases }) => name === reference || aliases.includes(reference))
  const found: string[] = []
  for (const pattern of known?.files ?? [])
    for await (const file of glob(pattern, { cwd: app })) {
      if (!found.includes(file)) found.push(file)
      if (found.length === shownSigns) return found
    }
  return found
}
