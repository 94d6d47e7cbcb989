import { type DefaultProcess, type LayerChoice, runBuildpack } from '../lib/buildpack.ts'
import { reportRuntimes } from '../lib/runtime.ts'
import type { Source } from '../lib/source.ts'
import { addSiteServer, hasSiteServer, renderSiteCommand, runSiteServer } from '../static/program.ts'
import { builtFolders, readSite } from '../static/site.ts'
import { compile, renderEnvironment } from './node-build.ts'
import { readPackageJson } from './package-json.ts'
import { choosePackageManager } from './package-manager.ts'
import { chooseRuntime } from './runtime.ts'
import { needsToolchain } from './toolchain.ts'
import { chooseStartScript, chooseWebCommand, warnOfStartScript } from './web-command.ts'
import { findWorkspace } from './workspace.ts'

async function chooseLayers(source: Source): Promise<LayerChoice> {
  const { app, configVars } = await findWorkspace(source)
  const manifest = await readPackageJson(app)
  const manager = await choosePackageManager(app, manifest)
  const { lines, warnings } = chooseRuntime(manifest, manager, configVars.get('NODEJS_ALLOW_WIDE_RANGE') === 'true')
  return { lines: [...lines, ...((await needsToolchain(app, manifest, manager)) ? ['toolchain'] : [])], warnings }
}

async function report(source: Source): Promise<Record<string, string>> {
  const { app } = await findWorkspace(source)
  const manager = await choosePackageManager(app, await readPackageJson(app))
  const lockFile: Record<string, string> = manager.lockFile === null ? {} : { lock_file: manager.lockFile }
  return { ...reportRuntimes(), package_manager: manager.name, ...lockFile }
}

/** What only draws pages in the browser has nothing to start, but a folder to serve. */
async function addSite(build: Source): Promise<void> {
  if (build.names.has('Procfile') || (await chooseWebCommand(build.app, await readPackageJson(build.app)))) return
  const site = await readSite(build, builtFolders)
  if (site) await addSiteServer(build.app, site)
}

async function chooseWeb(source: Source): Promise<DefaultProcess | null> {
  const manifest = await readPackageJson(source.app)
  const web = await chooseWebCommand(source.app, manifest)
  if (web) return web
  const site = (await hasSiteServer(source.app)) && (await readSite(source, builtFolders))
  if (site) return { type: 'web', command: renderSiteCommand(site), guessedFrom: `the pages in ${site.root}` }
  return chooseStartScript(manifest)
}

if (!(await runSiteServer(process.argv.slice(2))))
  await runBuildpack({
    name: 'node',
    chooseLayers,
    renderEnvironment,
    async compile(build) {
      await compile(build)
      await addSite(build)
      if (build.names.has('Procfile')) return
      await warnOfStartScript(build.app, await chooseWeb(build), await readPackageJson(build.app))
    },
    async chooseProcesses(source) {
      const web = await chooseWeb(source)
      return web ? [web] : []
    },
    startAdvice: 'a Procfile or a "start" script to package.json',
    report,
  })
