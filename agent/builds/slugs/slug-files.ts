import { createHash } from 'node:crypto'
import { maximumSlugFiles, type SlugFile, type SlugFiles } from '../../contract/releases/slug-files.ts'
import type { Tree, TreeEntry } from '../trees/tree-digest.ts'

/** Where package managers install: `node_modules/express/`, `node_modules/@scope/name/`, `site-packages/x/`, `vendor/bundle/`. */
const installed = /^(?:.*?\/)??(?:node_modules\/(?:@[^/]+\/)?[^/]+|site-packages\/[^/]+|vendor\/bundle)\//

/** What a slug's tree holds, short enough to be kept for each slug: dependencies are one entry each. */
export function listSlugFiles(tree: Tree): SlugFiles {
  const folders = new Map<string, SlugFile[]>()
  const files: SlugFile[] = []
  for (const entry of tree.entries) {
    if (entry.kind === 'folder') continue
    const file = fileOf(entry, tree.digests)
    const folder = installed.exec(entry.path)?.[0]
    if (folder === undefined) files.push(file)
    else if (!folders.get(folder)?.push(file)) folders.set(folder, [file])
  }
  for (const [path, within] of folders) files.push(foldFolder(path, within))
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { files: files.slice(0, maximumSlugFiles), left_out: Math.max(0, files.length - maximumSlugFiles) }
}

function fileOf(entry: Exclude<TreeEntry, { kind: 'folder' }>, digests: ReadonlyMap<string, string>): SlugFile {
  const { path } = entry
  if (entry.kind === 'file')
    return { path, size: entry.sizeBytes, sha256: digests.get(path) ?? '', executable: entry.executable, files: 1 }
  const sha256 = createHash('sha256').update(entry.target).digest('hex')
  return { path, size: 0, sha256, executable: false, files: 1 }
}

function foldFolder(path: string, within: readonly SlugFile[]): SlugFile {
  const hash = createHash('sha256')
  for (const file of within) hash.update(`${file.executable ? 'x' : '-'}\0${file.sha256}\0${file.path}\0`)
  const size = within.reduce((sum, file) => sum + file.size, 0)
  return { path, size, sha256: hash.digest('hex'), executable: false, files: within.length }
}
