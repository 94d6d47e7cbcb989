import { copyFile, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { platformEnvironment } from '../lib/config.ts'
import { isThere } from '../lib/copy-tree.ts'
import { BuildError, printDetail, printHeader, printWarning } from '../lib/output.ts'
import { resolveProxies } from './proxy.ts'
import { serveSite } from './serve.ts'
import { readSite, type Site } from './site.ts'

/** In the slug: the buildpack's own bundle, which has the server in it. */
const program = '.hearth/site.mjs'

/** What a dyno runs; the folders are tried in this order where static.json names none. */
export function renderSiteCommand(site: Site): string {
  return `node ${program} serve ${quoteFolder(site.root)}`
}

export async function hasSiteServer(app: string): Promise<boolean> {
  return isThere(path.join(app, program))
}

/** Puts the server into the slug, and says what it will serve. */
export async function addSiteServer(app: string, site: Site): Promise<void> {
  printHeader('Static site')
  printDetail(`Serving the folder ${site.root}`)
  if (site.ignored.length > 0) printWarning(`static.json has ${site.ignored.join(', ')}, which means nothing here.`)
  for (const guess of site.guesses) printWarning(guess)
  await mkdir(path.join(app, '.hearth'), { recursive: true })
  await copyFile(path.join(import.meta.dirname, 'main.mjs'), path.join(app, program))
}

/** On a dyno: serves until it is told to stop. True when that was asked for. */
export async function runSiteServer([verb, folder = '']: readonly string[]): Promise<boolean> {
  if (verb !== 'serve') return false
  const { PORT: port = '' } = platformEnvironment
  const app = path.join(import.meta.dirname, '..')
  const read = (name: string) => readFile(path.join(app, name), 'utf8').catch(() => null)
  const found = await readSite({ app, read }, [folder])
  if (!found) throw new Error(`The folder ${folder} has no index.html.`)
  const site = { ...found, proxies: resolveProxies(found.proxies, platformEnvironment) }
  const server = await serveSite({ site, app, port: Number(port), login: chooseLogin(site, platformEnvironment) })
  console.log(`Serving ${site.root} on port ${port}`)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => server.close())
  return true
}

/** `user:password` where static.json asks for a login, or, as on Heroku, a config var alone names who may enter. */
export function chooseLogin(
  { needsLogin }: Pick<Site, 'needsLogin'>,
  { BASIC_AUTH_USERNAME: user = '', BASIC_AUTH_PASSWORD: password = '' }: Readonly<Record<string, string>>,
): string | null {
  if (!needsLogin && user === '') return null
  if (password !== '') return `${user}:${password}`
  throw new Error('The site wants a login: set the config vars BASIC_AUTH_USERNAME and BASIC_AUTH_PASSWORD.')
}

function quoteFolder(folder: string): string {
  if (/^[\w./-]+$/.test(folder)) return folder
  throw new BuildError(
    'static-no-root',
    `The folder of the site has a name that no command can hold: ${folder}`,
    'Rename it.',
  )
}
