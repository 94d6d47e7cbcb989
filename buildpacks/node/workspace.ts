import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readProjectPath } from '../../agent/core/project-path.ts'
import { isThere } from '../lib/copy-tree.ts'
import { printDetail, printHeader } from '../lib/output.ts'
import { quote } from '../lib/profile.ts'
import type { Source } from '../lib/source.ts'
import { type PackageJson, readPackageJson } from './package-json.ts'
import { chooseStartScript, chooseWebCommand } from './web-command.ts'

/** The package of a workspace that is the app; dependencies come from the workspace's top all the same. */
export interface WorkspacePackage {
  /** `packages/api` */
  readonly folder: string
  readonly manifest: PackageJson
}

/**
 * The one that PROJECT_PATH (or APP_BASE) names. Null where the app is the top itself: the agent has made the named folder the top
 * unless it is a workspace's.
 */
export async function findWorkspacePackage({ app, configVars }: Source): Promise<WorkspacePackage | null> {
  const folder = readProjectPath(Object.fromEntries(configVars))
  if (folder === null || folder.split('/').includes('..') || !(await isThere(path.join(app, folder, 'package.json'))))
    return null
  return { folder, manifest: await readPackageJson(path.join(app, folder)) }
}

/** Its process types, as those of the whole: each starts in its folder. Written down, because bin/release knows no config vars. */
export async function writeWorkspaceProcfile(app: string, { folder, manifest }: WorkspacePackage): Promise<void> {
  const lines = await readProcfile(app, { folder, manifest })
  if (lines.length === 0) return
  await writeFile(path.join(app, 'Procfile'), lines.map((line) => `${line}\n`).join(''))
  printHeader(`Process types of ${folder}`)
  printDetail(lines.join('\n'))
}

async function readProcfile(app: string, { folder, manifest }: WorkspacePackage): Promise<string[]> {
  const enter = `cd ${quote(folder)} && `
  const own = await readFile(path.join(app, folder, 'Procfile'), 'utf8').catch(() => null)
  if (own !== null)
    return own
      .split(/\r?\n/)
      .filter(Boolean)
      .map((line) => line.replace(/^(\s*[-\w]+\s*:\s*)(?=\S)/, `$1${enter}`))
  // What stands at the top was written for the whole.
  if (await isThere(path.join(app, 'Procfile'))) return []
  const web = (await chooseWebCommand(path.join(app, folder), manifest)) ?? chooseStartScript(manifest)
  return web ? [`web: ${enter}${web.command}`] : []
}
