import path from 'node:path'
import { readConfigVars } from '../lib/config-vars.ts'
import { isThere } from '../lib/copy-tree.ts'
import { BuildError, printWarning } from '../lib/output.ts'
import { compile, findVersions } from './node-build.ts'
import { readPackageJson } from './package-json.ts'
import { choosePackageManager } from './package-manager.ts'
import { chooseRuntime } from './runtime.ts'
import { needsToolchain } from './toolchain.ts'
import { chooseWebCommand } from './web-command.ts'

async function detect(app: string): Promise<void> {
  if (await isThere(path.join(app, 'package.json'))) return console.log('Node.js')
  console.error('A Node.js app has a package.json in its top folder, and this one has none.')
  console.error('Check that it is there, and that neither .gitignore nor .slugignore names it.')
  process.exitCode = 1
}

/** Standard output is for the layers; warnings go to the user by standard error. */
async function printLayers(app: string, configVarDirectory: string): Promise<void> {
  const manifest = await readPackageJson(app)
  const manager = await choosePackageManager(app, manifest)
  const configVars = await readConfigVars(configVarDirectory)
  const { lines, warnings } = chooseRuntime(manifest, manager, configVars.get('NODEJS_ALLOW_WIDE_RANGE') === 'true')
  for (const warning of warnings) console.error(warning.replace(/^/gm, ' !     '))
  console.log([...lines, ...((await needsToolchain(app, manifest, manager)) ? ['toolchain'] : [])].join('\n'))
}

async function release(app: string): Promise<void> {
  const web = await chooseWebCommand(app, await readPackageJson(app))
  const types = web ? { web: web.command } : {}
  console.log(JSON.stringify({ default_process_types: types }))
}

/** What this build was made with, for whoever looks at its release. */
async function report(app: string): Promise<void> {
  const manager = await choosePackageManager(app, await readPackageJson(app))
  const versions = findVersions().flatMap((name) => {
    const [, program, version] = /^(.+)-([^-]+)$/.exec(name) ?? []
    return program ? [[`${program}_version`, version]] : []
  })
  const lockFile = manager.lockFile === null ? {} : { lock_file: manager.lockFile }
  console.log(JSON.stringify({ ...Object.fromEntries(versions), package_manager: manager.name, ...lockFile }))
}

/** Said at the end of compile, where it is seen; bin/release may not print anything else. */
async function describeWeb(app: string): Promise<void> {
  if (await isThere(path.join(app, 'Procfile'))) return
  const manifest = await readPackageJson(app)
  const web = await chooseWebCommand(app, manifest)
  if (!web)
    return printWarning('Nothing says how to start the app: add a Procfile or a "start" script to package.json.')
  if (web.guessedFrom)
    printWarning(
      `Guessed from ${web.guessedFrom} how to start the app: ${web.command}\nTo be sure, add a Procfile or a "start" script.`,
    )
  const [first = ''] = web.command.split(' ')
  if (first in manifest.devDependencies && !(first in manifest.dependencies))
    printWarning(`The app is started with ${first}, which is a development dependency and so is not there at run time.`)
}

async function main([verb, app = '', second = '', third = '']: readonly string[]): Promise<void> {
  switch (verb) {
    case 'detect':
      return detect(app)
    case 'layers':
      return printLayers(app, second)
    case 'compile':
      await compile(app, second, third)
      return describeWeb(app)
    case 'release':
      return release(app)
    case 'report':
      return report(app)
    default:
      throw new Error(`unknown: ${verb}`)
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof BuildError)) throw error
  if (process.argv[2] === 'layers') {
    // Its standard output is not for the user.
    console.error(`\n !     ${error.message}\n !\n${error.advice.replace(/^/gm, ' !     ')}\n !     (${error.id})`)
  } else error.print()
  process.exitCode = 1
}
