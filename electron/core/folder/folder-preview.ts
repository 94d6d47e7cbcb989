import { readFile } from 'node:fs/promises'
import { basename, join, matchesGlob } from 'node:path'
import { builtIns, type KnownBuildpack } from '../../../agent/contract/builds/built-in-buildpacks.ts'
import { appName } from '../../../agent/contract/common.ts'
import { readSourceBuildpacks } from '../../../agent/contract/sources/source-buildpacks.ts'
import { listProjects, type Project } from '../../../agent/contract/sources/source-projects.ts'
import { secretReason } from './folder-ignore.ts'
import { readPackage, readProcfile } from './folder-process-types.ts'
import type { FolderListing, LeftOut } from './folder-walk.ts'

/** What a deploy would send, shown before it is sent. */
export interface FolderPreview {
  suggestedName: string
  files: number
  totalBytes: number
  biggest: { path: string; sizeBytes: number }[]
  leftOut: LeftOut[]
  language: string | null
  /** The built-in buildpack that takes it; null when none does. */
  buildpack: string | null
  /** The folder's files by which it takes it. */
  recognisedBy: string[]
  /** Buildpacks that a file of the folder asks for; they count unless the app names others. */
  asked: { file: string; references: string[] } | null
  /** Folders below that look like apps, where the top does not, or is a workspace of them. */
  projects: Project[]
  processTypes: Record<string, string>
  warnings: string[]
}

/** Files of the top that hold several apps together. */
const wholes = ['pnpm-workspace.yaml', 'go.work', 'settings.gradle', 'settings.gradle.kts']
const shownBiggest = 5
const shownLeftOut = 500
const shownSigns = 3

/** Files of the folder's root that tell a language for which no buildpack is built in. */
const otherLanguages: readonly (readonly [file: RegExp, language: string])[] = [
  [/^Cargo\.toml$/, 'Rust'],
  [/^mix\.exs$/, 'Elixir'],
  [/^.+\.(csproj|fsproj|sln)$/, '.NET'],
  [/^deno\.jsonc?$/, 'Deno'],
]

/** `project` is the folder that is the app, where it is not the whole; what would travel is the whole all the same. */
export async function previewFolder(whole: FolderListing, project = ''): Promise<FolderPreview> {
  const listing = project === '' ? whole : enterFolder(whole, project)
  const projects = await findProjects(whole)
  const fitting = findBuildpacks(listing)
  const [buildpack] = fitting
  const other = !buildpack || buildpack.isLastResort ? detectOther(listing) : null
  const language = other ?? buildpack?.language ?? null
  const read = (name: string) => readRootFile(listing, name)
  const manifest = readPackage(language === 'Node.js' ? await read('package.json') : null)
  const asked = readSourceBuildpacks({ list: await read('.buildpacks'), manifest: await read('app.json') })
  const procfile = readProcfile(await read('Procfile'))
  const processTypes = procfile.processTypes ?? (manifest.start === null ? {} : { web: manifest.start })
  const warnings = [
    ...warnOfFiles(whole),
    ...(await warnOfGit(whole)),
    ...(asked || (language === null && projects.length > 0) ? [] : warnOfLanguage(listing, other, fitting)),
    ...(project === '' ? warnOfProjects(projects, language) : []),
    ...manifest.warnings,
    ...procfile.warnings,
    ...warnOfProcesses(language, processTypes),
  ]
  return {
    suggestedName: suggestName(basename(whole.root)),
    files: whole.files.length + whole.links.length,
    totalBytes: whole.totalBytes,
    biggest: [...whole.files]
      .sort((a, b) => b.sizeBytes - a.sizeBytes)
      .slice(0, shownBiggest)
      .map(({ path, sizeBytes }) => ({ path, sizeBytes })),
    leftOut: whole.leftOut.slice(0, shownLeftOut).map(({ path, reason }) => ({ path, reason })),
    language,
    buildpack: buildpack?.name ?? null,
    recognisedBy: buildpack ? findSigns(listing, buildpack) : [],
    projects,
    asked: asked && { file: asked.file, references: [...asked.references] },
    processTypes,
    warnings,
  }
}

/** What of a listing lies in a folder, as if that were the whole. */
function enterFolder(whole: FolderListing, folder: string): FolderListing {
  const prefix = `${folder}/`
  const inside = <T extends { path: string }>(list: readonly T[]): T[] =>
    list.flatMap((one) => (one.path.startsWith(prefix) ? [{ ...one, path: one.path.slice(prefix.length) }] : []))
  return { ...whole, root: join(whole.root, folder), files: inside(whole.files), links: inside(whole.links) }
}

/** Folders below that look like apps, where the top does not, or is a workspace of them. */
async function findProjects(whole: FolderListing): Promise<Project[]> {
  const paths = whole.files.map(({ path }) => path)
  const isApp = findBuildpacks(whole).length > 0 || detectOther(whole) !== null
  const manifest = readPackage(await readRootFile(whole, 'package.json'))
  const isWorkspace = manifest.hasWorkspaces || paths.some((path) => wholes.includes(path))
  return isApp && !isWorkspace ? [] : listProjects(paths)
}

/** An app's name that fits the rules: `My Shop (2)` -> `my-shop-2`. */
export function suggestName(folder: string): string {
  const dashed = folder
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
  const named = /^[a-z]/.test(dashed) ? dashed : `app-${dashed}`
  const short = named.slice(0, 30).replace(/-+$/, '')
  const long = short.length < 3 ? `${short}-app` : short
  return appName.safeParse(long).success ? long : 'my-app'
}

/** Those that would take the folder, in their order; what takes any site only where nothing else does. */
function findBuildpacks({ files }: FolderListing): KnownBuildpack[] {
  const isThere = (glob: string) => files.some(({ path }) => matchesGlob(path, glob))
  const fitting = builtIns.filter((one) => one.files.some(isThere))
  const special = fitting.filter(({ isLastResort }) => !isLastResort)
  return special.length > 0 ? special : fitting
}

function findSigns({ files }: FolderListing, { files: patterns }: KnownBuildpack): string[] {
  const signs = patterns.flatMap((glob) => files.filter(({ path }) => matchesGlob(path, glob)).map(({ path }) => path))
  return [...new Set(signs)].slice(0, shownSigns)
}

function detectOther({ files }: FolderListing): string | null {
  const roots = files.map(({ path }) => path).filter((path) => !path.includes('/'))
  return otherLanguages.find(([file]) => roots.some((name) => file.test(name)))?.[1] ?? null
}

function warnOfFiles({ files, leftOut }: FolderListing): string[] {
  const secrets = leftOut.filter(({ reason }) => reason === secretReason).map(({ path }) => path)
  return [
    ...(files.length === 0 ? ['The folder has no files to deploy.'] : []),
    ...(secrets.length > 0
      ? [`${secrets.join(', ')} stays here because it holds secrets: set its values as config vars of the app.`]
      : []),
  ]
}

function warnOfLanguage(
  listing: FolderListing,
  other: string | null,
  [first, ...more]: readonly KnownBuildpack[],
): string[] {
  if (other !== null)
    return [`${other} is not built in yet. Add a buildpack by its git URL in the app's settings before you deploy.`]
  if (!first) {
    const signs = builtIns.map(({ language, recognisedBy }) => `${language} by ${recognisedBy}`).join('; ')
    return [
      `No known language was found. In the folder itself, ${signs}. For another language add a buildpack by its git URL in the app's settings.`,
    ]
  }
  if (more.length === 0) return []
  const names = more.map((one) => `${one.language} (${findSigns(listing, one).join(', ')})`).join(' and ')
  return [`It also looks like ${names}. ${first.language} is taken; choose others, or both, in the app's settings.`]
}

function warnOfProjects(projects: readonly Project[], language: string | null): string[] {
  if (projects.length === 0) return []
  const found = projects.map((one) => `${one.path} (${one.language})`).join(', ')
  const whole = language === null ? '' : ' Without it the app is the whole.'
  return [`There are apps in ${found}. The config var PROJECT_PATH says which of them this one is.${whole}`]
}

function warnOfProcesses(language: string | null, processTypes: Record<string, string>): string[] {
  if (language !== 'Node.js') return []
  if (Object.keys(processTypes).length === 0)
    return ['Nothing says how to start the app: add a "start" script to package.json or a Procfile with a "web" line.']
  return Object.hasOwn(processTypes, 'web') ? [] : ['The Procfile has no "web" line, so the app will have no URL.']
}

/** Both are only named in a repository, so they are not among its files. */
async function warnOfGit(listing: FolderListing): Promise<string[]> {
  const attributes = await readRootFile(listing, '.gitattributes')
  const hasPointers = /\bfilter=lfs\b/.test(attributes ?? '')
  return [
    ...(hasPointers
      ? [
          'Some files are kept by Git LFS: from a repository only their pointers are deployed. Deploy a folder that has them.',
        ]
      : []),
    ...(listing.files.some(({ path }) => path === '.gitmodules')
      ? ['The repository has submodules, which are not fetched: deploy a folder that has them.']
      : []),
  ]
}

/** Only what would be sent counts. */
async function readRootFile(listing: FolderListing, name: string): Promise<string | null> {
  if (!listing.files.some(({ path }) => path === name)) return null
  return readFile(join(listing.root, name), 'utf8').catch(() => null)
}
