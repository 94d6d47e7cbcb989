import { type LayerChoice, runBuildpack } from '../lib/buildpack.ts'
import { platformEnvironment } from '../lib/config.ts'
import { reportRuntimes } from '../lib/runtime.ts'
import type { Source } from '../lib/source.ts'
import { usesC } from './cgo.ts'
import { compile, renderEnvironment } from './compile.ts'
import { readModules } from './go-mod.ts'
import { chooseProcesses, readBinaries } from './processes.ts'
import { chooseGo, findGoWish } from './version.ts'

async function chooseLayers(source: Source): Promise<LayerChoice> {
  const modules = await readModules(source)
  const proxies = source.configVars.get('GOPROXY') ?? platformEnvironment.GOPROXY
  const { offer, warnings } = chooseGo(await findGoWish(modules, source.configVars), proxies)
  // A program of Go holds all it needs, so the toolchain is no part of a dyno.
  return { lines: [`build ${offer.layer}`, ...((await usesC(source)) ? ['toolchain'] : [])], warnings }
}

await runBuildpack({
  name: 'go',
  chooseLayers,
  renderEnvironment: async (source, cache) => renderEnvironment(source, cache, await usesC(source)),
  compile,
  async chooseProcesses(source) {
    return chooseProcesses(await readBinaries(), (await readModules(source)).module)
  },
  startAdvice: 'a Procfile with a line such as `web: bin/server`',
  report: async () => reportRuntimes(),
})
