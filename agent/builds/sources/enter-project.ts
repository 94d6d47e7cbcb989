import { lchown, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import { readProjectPath } from '../../core/builds/project-path.ts'
import { quoteWord } from '../../core/shell-words.ts'
import { type BuildPlace, enterFolder, readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'
import { applySlugIgnore } from '../slugs/slug-ignore.ts'
import { removeTree } from '../trees/remove-tree.ts'
import type { KnownDigests } from '../trees/tree-digest.ts'
import { findProjects } from './find-projects.ts'
import { findWhole } from './find-whole.ts'

/** Where a build goes on, and what is known of the files there. */
export interface Entered {
  readonly place: BuildPlace
  readonly known: KnownDigests
}

/**
 * Of a source that holds several apps, the folder that PROJECT_PATH names becomes the app. What lies around it goes, unless the app can't
 * be built without: then all stays where it is, and buildpacks and dynos find that folder where they expect the app.
 */
export async function enterProject(run: BuildRun, known: KnownDigests): Promise<Entered> {
  const { place, output } = run
  const project = await chooseProject(run, ['Procfile'])
  if (project === null) return { place, known }
  const why = await findWhole(place.top, project)
  if (why === null) {
    await takeOut(run, project)
    return { place, known: keepBelow(known, project) }
  }
  output.detail(`What lies around it stays: ${why}`)
  await writeHome(run, project)
  const entered = enterFolder(place, project)
  await applySlugIgnore(entered.app, output)
  return { place: entered, known }
}

/**
 * The same for what is made into an image: always of that folder alone, for neither a Dockerfile nor a builder reaches beyond it. `counting`
 * names the files that say how it is made.
 */
export async function isolateProject(run: BuildRun, counting: readonly string[]): Promise<void> {
  const project = await chooseProject(run, counting)
  if (project === null) return
  const why = await findWhole(run.place.top, project)
  if (why !== null)
    run.output.detail(
      `An image has nothing of what lies around it, and ${why}. Without PROJECT_PATH it is made of the whole.`,
    )
  await takeOut(run, project)
}

/** The folder that is the app, null for the whole. A file of those that count is missed when it is above only. */
async function chooseProject(
  { request, place, output }: BuildRun,
  counting: readonly string[],
): Promise<string | null> {
  const project = readProjectPath(request.configVars.reveal())
  if (project === null) return null
  await requireFolder(place.top, project)
  output.header(`The app is the folder ${project} (PROJECT_PATH)`)
  for (const name of counting) {
    const isIn = async (folder: string) => (await readResult(folder, name)) !== null
    if ((await isIn(place.top)) && !(await isIn(path.join(place.top, project))))
      output.complain(`The ${name} above ${project} does not count; it would as ${project}/${name}.`)
  }
  return project
}

async function takeOut({ place, output }: BuildRun, project: string): Promise<void> {
  const [inner, whole] = [`${place.top}.project`, `${place.top}.whole`]
  await rename(path.join(place.top, project), inner)
  await rename(place.top, whole)
  await rename(inner, place.top)
  await removeTree(whole)
  await applySlugIgnore(place.top, output)
}

function keepBelow(known: KnownDigests, project: string): KnownDigests {
  const prefix = `${project}/`
  return new Map(
    [...known].filter(([name]) => name.startsWith(prefix)).map(([name, file]) => [name.slice(prefix.length), file]),
  )
}

/** Dynos begin at the top. The last profile there leads to the app, which then is what /app is to others, and reads the app's own. */
const renderHome = (project: string) => `# Written by Hearth, because of PROJECT_PATH.
cd ${quoteWord(project)} || exit 1
export HOME=$PWD
for hearth_profile in .profile.d/*.sh; do
  [ -r "$hearth_profile" ] && . "./$hearth_profile"
done
`

/** Nothing of the app has run yet, but its source may hold links. */
async function writeHome({ place, options }: BuildRun, project: string): Promise<void> {
  const { owner } = options.sandbox
  const folder = path.join(place.top, '.profile.d')
  const file = path.join(folder, 'zz-hearth-project.sh')
  if (!(await lstat(folder).catch(() => null))?.isDirectory()) {
    await rm(folder, { force: true })
    await mkdir(folder)
  }
  await rm(file, { recursive: true, force: true })
  await writeFile(file, renderHome(project), { flag: 'wx' })
  if (owner) for (const one of [folder, file]) await lchown(one, owner.uid, owner.gid)
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
