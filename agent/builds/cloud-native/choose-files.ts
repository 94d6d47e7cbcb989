import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import ignore from 'ignore'
import type { ProjectDescriptor } from './project-toml.ts'

/** Removes what project.toml keeps from a build; returns how many files and folders went. */
export async function chooseFiles(
  directory: string,
  { include, exclude }: Pick<ProjectDescriptor, 'include' | 'exclude'>,
): Promise<number> {
  if (include === null && exclude.length === 0) return 0
  const rules = ignore({ ignorecase: false }).add([...(include ?? exclude)])
  let removed = 0
  const pending = ['']
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await readdir(path.join(directory, folder), { withFileTypes: true })) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`
      const isFolder = entry.isDirectory()
      const isNamed = rules.ignores(isFolder ? `${relative}/` : relative)
      // A folder that include does not name may have something in it that it names.
      if (include !== null && isFolder && !isNamed) pending.push(relative)
      else if (isNamed === (include === null)) {
        await rm(path.join(directory, relative), { recursive: true, force: true })
        removed += 1
      } else if (include === null && isFolder) pending.push(relative)
    }
  }
  return removed
}
