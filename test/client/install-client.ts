// The stock heroku client as npm has it, in a folder beside the test servers' root filesystems: 400 MB that no node_modules
// of ours should hold. It is made once for each lock file.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { run } from '../servers/run.ts'
import { locked, stateDir } from '../servers/state.ts'

/** The newest of each line that is tried, newest first; each has its lock file in a folder here. */
export const clientVersions = ['11.10.0', '10.17.0'] as const
export type ClientVersion = (typeof clientVersions)[number]

const clientsDir = path.join(stateDir, 'clients')

/** Returns the folder of its `node_modules/.bin`, where a `heroku` is. */
export async function installClient(version: ClientVersion): Promise<string> {
  const source = path.join(import.meta.dirname, `heroku-${Number.parseInt(version, 10)}`)
  const digest = createHash('sha256')
    .update(readFileSync(path.join(source, 'package-lock.json')))
    .digest('hex')
  const folder = path.join(clientsDir, `${version}-${digest.slice(0, 12)}`)
  await locked(`client-${version}`, async () => {
    if (!existsSync(folder)) await install(source, folder, version)
  })
  return path.join(folder, 'node_modules/.bin')
}

async function install(source: string, folder: string, version: ClientVersion): Promise<void> {
  mkdirSync(clientsDir, { recursive: true, mode: 0o700 })
  for (const old of readdirSync(clientsDir).filter((name) => name.startsWith(`${version}-`)))
    rmSync(path.join(clientsDir, old), { recursive: true, force: true })
  const unfinished = `${folder}.tmp`
  cpSync(source, unfinished, { recursive: true })
  // Its own cache, which goes at once: what was fetched for it is of no use to anything else.
  const cache = path.join(unfinished, 'npm-cache')
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await run(['npm', 'ci', `--prefix=${unfinished}`, `--cache=${cache}`, ...quiet])
  rmSync(cache, { recursive: true, force: true })
  renameSync(unfinished, folder)
}
