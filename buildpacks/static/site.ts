import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { isThere } from '../lib/copy-tree.ts'
import { BuildError } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'
import { parseSettings, type SiteSettings } from './settings.ts'

/** How a folder of an app is served. */
export interface Site extends SiteSettings {
  /** Relative to the app; `.` is the app itself. */
  readonly root: string
  /** For the user: what nothing of the app said. */
  readonly guesses: readonly string[]
}

/** Where sites stand, the first that has an index.html. */
export const siteFolders = ['.', 'public', 'public_html', 'dist', 'build', '_site'] as const

/** Where the build tools of Node.js leave a site; their own index.html and public are sources. */
export const builtFolders = ['dist', 'build', 'out', '_site', '.output/public'] as const

/** The site of an app, by static.json, else the first of `folders` that has an index.html. Null when there is none. */
export async function readSite(
  source: Pick<Source, 'app' | 'read'>,
  folders: readonly string[] = siteFolders,
): Promise<Site | null> {
  const text = await source.read('static.json')
  const settings = parseSettings(text)
  const root =
    settings.root ?? readStaticfile(await source.read('Staticfile')) ?? (await findFolder(source.app, folders))
  if (root === null && text === null) return null
  if (root === null) throw refuseRoot('static.json names no "root", and no folder of the app has an index.html.')
  const folder = path.posix.normalize(root).replace(/^\/+|\/+$/g, '') || '.'
  const place = path.join(source.app, folder)
  if (folder.split('/').includes('..')) throw refuseRoot(`The folder of the site is outside of the app: ${root}`)
  if (!(await isThere(place))) throw refuseRoot(`The folder of the site is not there: ${root}`)
  const isSinglePage = text === null && folder !== '.' && (await hasSinglePage(place))
  return {
    ...settings,
    root: folder,
    routes: isSinglePage ? [{ pattern: '/**', file: 'index.html' }] : settings.routes,
    errorPage: settings.errorPage ?? ((await isThere(path.join(place, '404.html'))) ? '404.html' : null),
    guesses: isSinglePage
      ? ['The site has one page, which loads a script: it answers all addresses that are no files (single-page app).']
      : [],
  }
}

/** `root: public`, of other platforms. */
function readStaticfile(text: string | null): string | null {
  return /^root:\s*['"]?([^'"\s]+)/m.exec(text ?? '')?.[1] ?? null
}

async function findFolder(app: string, folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    if (await isThere(path.join(app, folder, 'index.html'))) return folder
    // Angular's: dist/NAME/browser.
    const inner = folder === 'dist' ? await readdir(path.join(app, folder)).catch(() => []) : []
    for (const name of inner)
      if (await isThere(path.join(app, folder, name, 'browser/index.html'))) return `${folder}/${name}/browser`
  }
  return null
}

/** A program that draws its pages itself has one page, and wants every address answered with it. */
async function hasSinglePage(folder: string): Promise<boolean> {
  const names = await readdir(folder, { recursive: true })
  const pages = names.filter((name) => /\.html?$/.test(name))
  if (pages.length !== 1 || pages[0] !== 'index.html') return false
  return /<script[^>]+src=/i.test(await readFile(path.join(folder, 'index.html'), 'utf8'))
}

function refuseRoot(headline: string): BuildError {
  return new BuildError('static-no-root', headline, 'Name the folder with the pages in static.json: { "root": "dist" }')
}
