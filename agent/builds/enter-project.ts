import { lstat, readdir, readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../contract/errors.ts'
import { readProjectPath } from '../core/project-path.ts'
import type { BuildRun } from './build-run.ts'
import { findProjects } from './find-projects.ts'
import { removeTree } from './remove-tree.ts'
import { applySlugIgnore } from './slug-ignore.ts'
import type { KnownDigests } from './tree-digest.ts'

/**
 * Of a source that holds several apps, the folder that PROJECT_PATH names becomes the app, and the rest goes. A package of a Node.js
 * workspace stays where it is, for its dependencies are installed from the top: the Node.js buildpack builds it there.
 */
export async function enterProject(run: BuildRun, known: KnownDigests): Promise<KnownDigests> {
  const { request, place, output } = run
  const project = readProjectPath(request.configVars.reveal())
  if (project === null) return known
  await requireFolder(place.app, project)
  if (await isOfWorkspace(place.app, project)) {
    output.header(`The app is the package ${project} of a workspace (PROJECT_PATH)`)
    return known
  }
  output.header(`The app is the folder ${project} (PROJECT_PATH)`)
  const [inner, whole] = [`${place.app}.project`, `${place.app}.whole`]
  await rename(path.join(place.app, project), inner)
  await rename(place.app, whole)
  await rename(inner, place.app)
  await removeTree(whole)
  await applySlugIgnore(place.app, output)
  const prefix = `${project}/`
  return new Map(
    [...known].filter(([name]) => name.startsWith(prefix)).map(([name, file]) => [name.slice(prefix.length), file]),
  )
}

/** Never through a link: what the source makes of its folders must not lead elsewhere. */
async function requireFolder(app: string, project: string): Promise<void> {
  let folder = app
  for (const name of project.split('/')) {
    folder = path.join(folder, name)
    const found = name === '..' ? null : await lstat(folder).catch(() => null)
    if (found?.isDirectory()) continue
    const apps = await findProjects(app)
    const advice =
      apps.length > 0
        ? `Apps were found in ${apps.map((one) => `${one.path} (${one.language})`).join(', ')}.`
        : 'Check its spelling, and that the folder is not ignored.'
    throw new HearthError('build_failed', `PROJECT_PATH is '${project}', and the source has no such folder. ${advice}`)
  }
}

const lockFiles = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml']

async function isOfWorkspace(app: string, project: string): Promise<boolean> {
  const own = await readdir(path.join(app, project))
  if (!own.includes('package.json') || lockFiles.some((name) => own.includes(name))) return false
  const top = await readdir(app)
  if (top.includes('pnpm-workspace.yaml')) return true
  const manifest = await readFile(path.join(app, 'package.json'), 'utf8').catch(() => '')
  return /"workspaces"\s*:/.test(manifest)
}
