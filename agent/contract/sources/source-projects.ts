import { builtIns } from '../builds/built-in-buildpacks.ts'

/** A folder of a source that looks like an app of its own. */
export interface Project {
  /** `packages/api` */
  readonly path: string
  readonly language: string
}

/** How many folders deep an app is looked for: `apps/shop/api`. */
export const projectDepth = 3
const maximumProjects = 12
/** What is in there belongs to others, or to no app that is deployed. */
const passedOver =
  /(^|\/)(node_modules|vendor|\.[^/]*|tests?|specs?|examples?|fixtures|docs?|dist|build|public|static)(\/|$)/

/**
 * Which folders below the top look like apps, by the files that the built-in buildpacks go by; a folder inside one that was found is part
 * of it. `files` are paths with `/`.
 */
export function listProjects(files: Iterable<string>): Project[] {
  const byFolder = new Map<string, Set<string>>()
  for (const file of files) {
    const slash = file.lastIndexOf('/')
    const folder = file.slice(0, Math.max(0, slash))
    if (folder === '' || folder.split('/').length > projectDepth || passedOver.test(folder)) continue
    const names = byFolder.get(folder) ?? new Set()
    byFolder.set(folder, names.add(file.slice(slash + 1)))
  }
  const found: Project[] = []
  for (const [path, names] of [...byFolder].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (found.some((outer) => path.startsWith(`${outer.path}/`))) continue
    const fits = builtIns.find((one) => one.files.some((file) => names.has(file)))
    if (fits) found.push({ path, language: fits.language })
  }
  return found.slice(0, maximumProjects)
}
