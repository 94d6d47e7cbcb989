import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { listProjects, type Project, projectDepth } from '../../contract/sources/source-projects.ts'

/** Deeper or longer trees are not looked through to their end: this is for a hint. */
const maximumFolders = 2000

/** Folders of a source that look like apps. */
export async function findProjects(app: string): Promise<Project[]> {
  const files: string[] = []
  const pending = ['']
  for (let seen = 0; pending.length > 0 && seen < maximumFolders; seen += 1) {
    const folder = pending.shift() ?? ''
    for (const entry of await readdir(path.join(app, folder), { withFileTypes: true }).catch(() => [])) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isFile()) files.push(name)
      else if (entry.isDirectory() && name.split('/').length <= projectDepth + 1) pending.push(name)
    }
  }
  return listProjects(files)
}
