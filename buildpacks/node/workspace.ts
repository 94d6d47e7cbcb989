import path from 'node:path'
import { isThere } from '../lib/copy-tree.ts'
import { listFoldersUp, openSource, type Source } from '../lib/source.ts'
import { type PackageJson, readPackageJson } from './package-json.ts'
import { lockFiles } from './package-manager.ts'

/** The package of a workspace that is the app; dependencies come from the workspace's top all the same. */
export interface WorkspacePackage {
  /** `packages/api` */
  readonly folder: string
  readonly manifest: PackageJson
}

/** Where an app's dependencies are installed: in the top of the workspace that it is a package of, or, for one that stands alone, in itself. */
export async function findWorkspace(source: Source): Promise<Source> {
  if (Object.keys(lockFiles).some((name) => source.names.has(name))) return source
  for (const folder of listFoldersUp(source).slice(1)) {
    const top = path.join(source.app, folder)
    if (!(await isThere(path.join(top, 'package.json')))) continue
    if ((await isThere(path.join(top, 'pnpm-workspace.yaml'))) || (await readPackageJson(top)).hasWorkspaces)
      return { ...(await openSource(top, '')), configVars: source.configVars }
  }
  return source
}

/** Null where the app is the workspace itself, or none. */
export async function findPackage(app: string, workspace: Source): Promise<WorkspacePackage | null> {
  if (workspace.app === app) return null
  return { folder: path.relative(workspace.app, app), manifest: await readPackageJson(app) }
}
