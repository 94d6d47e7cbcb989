import { type LayerChoice, runBuildpack } from '../lib/buildpack.ts'
import { reportRuntimes } from '../lib/runtime.ts'
import type { Source } from '../lib/source.ts'
import { compile, renderEnvironment } from './node-build.ts'
import { readPackageJson } from './package-json.ts'
import { choosePackageManager } from './package-manager.ts'
import { chooseRuntime } from './runtime.ts'
import { needsToolchain } from './toolchain.ts'
import { chooseWebCommand, warnOfWebCommand } from './web-command.ts'

async function chooseLayers({ app, configVars }: Source): Promise<LayerChoice> {
  const manifest = await readPackageJson(app)
  const manager = await choosePackageManager(app, manifest)
  const { lines, warnings } = chooseRuntime(manifest, manager, configVars.get('NODEJS_ALLOW_WIDE_RANGE') === 'true')
  return { lines: [...lines, ...((await needsToolchain(app, manifest, manager)) ? ['toolchain'] : [])], warnings }
}

async function report({ app }: Source): Promise<Record<string, string>> {
  const manager = await choosePackageManager(app, await readPackageJson(app))
  const lockFile: Record<string, string> = manager.lockFile === null ? {} : { lock_file: manager.lockFile }
  return { ...reportRuntimes(), package_manager: manager.name, ...lockFile }
}

await runBuildpack({
  name: 'node',
  chooseLayers,
  renderEnvironment,
  async compile(build) {
    await compile(build)
    await warnOfWebCommand(build)
  },
  async chooseProcesses({ app }) {
    const web = await chooseWebCommand(app, await readPackageJson(app))
    return web ? [web] : []
  },
  startAdvice: 'a Procfile or a "start" script to package.json',
  report,
})
