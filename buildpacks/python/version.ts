import {
  chooseVersion,
  findWish,
  offerArchives,
  type VersionChoice,
  type VersionOffer,
  type VersionWish,
} from '../lib/choose-version.ts'
import { BuildError } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'
import { pythonArchives, renderArchiveUrl } from './archives.ts'

const advice = 'Write a version into .python-version, on a line of its own, for example:\n  3.13'

/** What each stack's own packages are. */
const ofStack: Readonly<Record<string, string>> = {
  'debian-12': '3.11',
  'debian-13': '3.13',
  'ubuntu-22.04': '3.10',
  'ubuntu-24.04': '3.12',
}
const stackLayer = 'apt python3 python3-venv for python3'

/** In the order in which Heroku looks; lock files say it only for Pipenv. */
export async function findPythonWish(source: Source): Promise<VersionWish | null> {
  return findWish([
    async () => {
      const text = (await source.read('runtime.txt'))?.trim()
      if (!text) return null
      const [, version] = /^python-(\d+(?:\.\d+){0,2})$/.exec(text) ?? []
      if (!version) throw refuse('runtime.txt', text, 'Write it as python-3.13.5, or better into .python-version: 3.13')
      return { text: version, from: 'runtime.txt' }
    },
    async () => {
      const misspelt = [...source.names].find((name) => isMisspelt(name))
      if (misspelt && !source.names.has('.python-version'))
        throw new BuildError(
          'version-file-name',
          `The version of Python stands in a file '${misspelt}', where nothing looks for it.`,
          `Rename it:\n  git mv '${misspelt}' .python-version`,
        )
      const lines = (await source.readNear('.python-version'))
        ?.split(/\r?\n/)
        .map((line) => line.replace(/#.*/, '').trim())
      const [text, ...more] = lines?.filter(Boolean) ?? []
      if (!text) return null
      const [, version] = /^(?:cpython-|python-)?(\d+(?:\.\d+){0,2})$/.exec(text) ?? []
      if (!version || more.length > 0) throw refuse('.python-version', [text, ...more].join(' '), advice)
      return { text: version, from: '.python-version' }
    },
    async () => {
      const text = await source.read('Pipfile.lock')
      const [, version] = /"python_(?:full_)?version":\s*"(\d+(?:\.\d+){0,2})"/.exec(text ?? '') ?? []
      return version ? { text: version, from: 'Pipfile.lock' } : null
    },
    async () => {
      const text = await source.read('pyproject.toml')
      // `requires-python = ">=3.11"`, and Poetry's older `python = "^3.11"`
      const [, wanted] = /^(?:requires-python|python)\s*=\s*["']([^"']+)["']/m.exec(text ?? '') ?? []
      const range = wanted
        ?.replaceAll(',', ' ')
        .replaceAll('==', '=')
        .replaceAll('~=', '~')
        .replace(/!=\s*\S+/g, '')
      return range ? { text: range, from: 'pyproject.toml' } : null
    },
  ])
}

/** `.python_version`, `python-version`, `.python-version.txt` and the like. */
function isMisspelt(name: string): boolean {
  return name !== '.python-version' && /^\.?python[-_. ]?versions?(\.txt)?\s*$/i.test(name)
}

/** `machine` is the Python of a machine that is its own stack: `3.11`. */
export function choosePython(stack: string, wish: VersionWish | null, machine: string | null): VersionChoice {
  const version = ofStack[stack] ?? machine
  const own: VersionOffer | null = version ? { version, layer: stackLayer } : null
  const archives = offerArchives('python', pythonArchives, renderArchiveUrl)
  const choice = chooseVersion({ language: 'Python', wish, stack: own, archives, advice })
  const said = `The app names no version of Python: using ${choice.offer.version}, which may change with the server's stack.\n${advice}`
  return wish ? choice : { ...choice, warnings: [said] }
}

function refuse(file: string, text: string, what: string): BuildError {
  return new BuildError('invalid-version', `'${text.slice(0, 100)}' in ${file} is not a version of Python.`, what)
}
