import { type Build, removeLeftovers } from '../lib/build.ts'
import { type LayerChoice, runBuildpack } from '../lib/buildpack.ts'
import { platformEnvironment } from '../lib/config.ts'
import { printDetail, printHeader } from '../lib/output.ts'
import { runOwnStep } from '../lib/own-step.ts'
import { runProgram } from '../lib/process.ts'
import { writeExport, writeProfile } from '../lib/profile.ts'
import type { Source } from '../lib/source.ts'
import { collectStatic } from './django.ts'
import { pythonFailures } from './failures.ts'
import { installPackages } from './install.ts'
import { chooseNativeLayers, findDistributions } from './native-packages.ts'
import { downloadNltkData } from './nltk.ts'
import { choosePackageManager } from './package-manager.ts'
import { pythonProfile } from './profile.ts'
import { renderVenvEnvironment } from './venv.ts'
import { choosePython, findPythonWish } from './version.ts'
import { chooseWebProcess } from './web-command.ts'

async function chooseLayers(source: Source): Promise<LayerChoice> {
  const manager = await choosePackageManager(source)
  const machine = source.stack === 'local' ? await askVersion('python3') : null
  const line = machine === null ? null : machine.split('.').slice(0, 2).join('.')
  const { offer, warnings } = choosePython(source.stack, await findPythonWish(source), line)
  const isStacks = offer.layer.startsWith('apt ')
  const distributions = findDistributions((await source.read(manager.file)) ?? '')
  return { lines: [offer.layer, ...chooseNativeLayers(distributions, isStacks ? ['python3-dev'] : [])], warnings }
}

async function askVersion(program: string): Promise<string | null> {
  const options = { directory: '/', environment: platformEnvironment, isQuiet: true }
  const found = await runProgram(program, ['--version'], options).catch(() => null)
  return /^Python (\d+\.\d+\.\d+)/m.exec(found?.output ?? '')?.[1] ?? null
}

async function compile(build: Build): Promise<void> {
  printHeader('Runtime')
  const python = (await askVersion('python3')) ?? 'of this machine'
  printDetail(`Python ${python}`)
  await runPythonStep(build, 'bin/pre_compile')
  await installPackages(build, python)
  await downloadNltkData(build)
  await collectStatic(build)
  await runPythonStep(build, 'bin/post_compile')
  await removeLeftovers(build)
  await writeProfile(build.app, 'python', pythonProfile)
  // Behind the virtual environment's, so that the next buildpack's programs find the app's packages.
  await writeExport('', `export VIRTUAL_ENV="$HOME/.venv"\nexport PATH="$HOME/.venv/bin:$PATH"\n`)
}

function runPythonStep(build: Build, file: string): Promise<void> {
  const id = `${file.replace('bin/', '').replace('_', '-')}-failed`
  return runOwnStep(build, file, pythonFailures, { id, environment: renderVenvEnvironment(build) })
}

/**
 * Bytecode names its source by the time of that, unless a time is given to all: then by its content. So the same packages are the same
 * slug, and bytecode stays good in a slug that was unpacked from its archive. The earliest date that a wheel, a zip, can have. What an
 * import writes names the time all the same, so it writes none: packages are compiled when they are installed.
 */
const sameEachTime = {
  SOURCE_DATE_EPOCH: '315532800',
  PYC_INVALIDATION_MODE: 'CHECKED_HASH',
  PYTHONDONTWRITEBYTECODE: '1',
}

await runBuildpack({
  name: 'python',
  chooseLayers,
  renderEnvironment: (_source, cache) => ({
    under: { PYTHONUNBUFFERED: '1', ...sameEachTime },
    over: {
      PIP_CACHE_DIR: `${cache}/pip`,
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIPENV_CACHE_DIR: `${cache}/pipenv`,
      POETRY_CACHE_DIR: `${cache}/poetry`,
      UV_CACHE_DIR: `${cache}/uv`,
      UV_LINK_MODE: 'copy',
      UV_PYTHON_DOWNLOADS: 'never',
    },
  }),
  compile,
  async chooseProcesses(source) {
    const web = await chooseWebProcess(source)
    return web ? [web] : []
  },
  startAdvice: 'a Procfile with a line such as `web: gunicorn app:app --bind 0.0.0.0:$PORT`',
  async report(source) {
    const manager = await choosePackageManager(source)
    const python = await askVersion('python3')
    return {
      ...(python ? { python_version: python } : {}),
      package_manager: manager.name.toLowerCase(),
      lock_file: manager.file,
    }
  },
})
