import { mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Build, removeLeftovers } from '../lib/build.ts'
import { runBuildpack } from '../lib/buildpack.ts'
import { isThere } from '../lib/copy-tree.ts'
import { BuildError, printDetail, printHeader, printWarning } from '../lib/output.ts'
import { runOwnStep } from '../lib/own-step.ts'
import { writeExport, writeProfile } from '../lib/profile.ts'
import { readComposer } from './composer-files.ts'
import { phpFailures } from './failures.ts'
import { chooseWebProcess, findFramework, warnOfFramework } from './framework.ts'
import { installPackages, readProgramFolder } from './install.ts'
import { askPhp, chooseLayers } from './layers.ts'
import { commandPath, renderPhpProfile } from './profile.ts'
import { serveScript } from './serve-script.ts'

const commands = ['heroku-php-apache2', 'heroku-php-nginx'] as const

async function compile(build: Build): Promise<void> {
  const php = await askPhp()
  if (php === null) throw new BuildError('php-missing', 'There is no PHP in this build.', 'Deploy again.')
  const files = await readComposer(build)
  const framework = findFramework(files)
  printHeader('Runtime')
  printDetail(`PHP ${php}`)
  if (framework) printDetail(`${framework.name} ${files.packages.get(framework.package)}`)
  await runOwnStep(build, 'bin/pre_compile', phpFailures)
  await installPackages(build, files, php)
  await runOwnStep(build, 'bin/post_compile', phpFailures)
  const warning = warnOfFramework(files, build.configVars)
  if (warning) printWarning(warning)
  const programs = readProgramFolder(files.manifest)
  await addCommands(build.app, programs)
  await removeLeftovers(build, ['.composer'])
  await writeProfile(build.app, 'php', renderPhpProfile(programs, framework?.defaults ?? {}))
  await writeExport(`$HOME/${programs}`)
}

/** The commands of Procfiles; older ones name them in vendor/bin, or where else composer.json has programs. */
async function addCommands(app: string, programs: string): Promise<void> {
  const folder = path.join(app, commandPath.replace('$HOME/', ''))
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'serve'), serveScript, { mode: 0o755 })
  for (const command of commands) await symlink('serve', path.join(folder, command))
  const older = path.join(app, programs)
  await mkdir(older, { recursive: true })
  for (const command of commands)
    if (!(await isThere(path.join(older, command))))
      await symlink(path.relative(older, path.join(folder, command)), path.join(older, command))
}

/** Heroku's own config var for one of the logins of COMPOSER_AUTH, which counts before it. */
function renderLogin(token: string | undefined): Record<string, string> {
  return token ? { COMPOSER_AUTH: JSON.stringify({ 'github-oauth': { 'github.com': token } }) } : {}
}

await runBuildpack({
  name: 'php',
  chooseLayers,
  renderEnvironment: ({ configVars }, cache) => ({
    under: { COMPOSER_MEMORY_LIMIT: '-1', ...renderLogin(configVars.get('COMPOSER_GITHUB_OAUTH_TOKEN')) },
    over: {
      COMPOSER_HOME: `${cache}/composer`,
      COMPOSER_CACHE_DIR: `${cache}/composer/cache`,
      // So that no message of its is broken where it could not be recognised.
      COLUMNS: '400',
    },
  }),
  compile,
  chooseProcesses: async (source) => [await chooseWebProcess(source)],
  startAdvice: 'a Procfile, for example:\n  web: heroku-php-apache2 public/',
  async report(source) {
    const files = await readComposer(source)
    const php = await askPhp()
    const framework = findFramework(files)
    return {
      ...(php ? { php_version: php } : {}),
      ...(framework ? { framework: `${framework.name} ${files.packages.get(framework.package)}` } : {}),
    }
  },
})
