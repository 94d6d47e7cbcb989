import { BuildError } from '../lib/output.ts'
import { findNear, type Source } from '../lib/source.ts'

export type ManagerName = 'pip' | 'Pipenv' | 'Poetry' | 'uv'

export interface PackageManager {
  readonly name: ManagerName
  /** The file that says what is installed. */
  readonly file: string
  /** What else decides it. */
  readonly alsoReads: readonly string[]
  /** The program and its version as an index has it; null where Python brings it. */
  readonly tool: { readonly name: string; readonly version: string } | null
}

export const managers: readonly PackageManager[] = [
  { name: 'pip', file: 'requirements.txt', alsoReads: [], tool: null },
  { name: 'Pipenv', file: 'Pipfile.lock', alsoReads: ['Pipfile'], tool: { name: 'pipenv', version: '2026.10.3' } },
  {
    name: 'Poetry',
    file: 'poetry.lock',
    alsoReads: ['pyproject.toml', 'poetry.toml'],
    tool: { name: 'poetry', version: '2.5.1' },
  },
  { name: 'uv', file: 'uv.lock', alsoReads: ['pyproject.toml', 'uv.toml'], tool: { name: 'uv', version: '0.13.9' } },
]

const unlocked: Readonly<Record<string, { headline: string; advice: string }>> = {
  Pipfile: {
    headline: 'The app has a Pipfile, but no Pipfile.lock.',
    advice: 'Run `pipenv lock`, commit Pipfile.lock, then deploy again.',
  },
  'pdm.lock': {
    headline: 'The app has a lock file of PDM, which Hearth does not run.',
    advice: 'Run `pdm export -o requirements.txt --prod`, commit requirements.txt, then deploy again.',
  },
  'pyproject.toml': {
    headline: 'The app has a pyproject.toml, but no lock file.',
    advice: 'Run `uv lock` or `poetry lock`, commit the lock file, then deploy again.',
  },
  'setup.py': {
    headline: 'The app has a setup.py, but nothing that says what to install.',
    advice: 'Add a requirements.txt; with one line, a dot, it installs what setup.py says.',
  },
}

/** By the file; two that may disagree are refused. A member of a workspace of uv is locked where that has its top. */
export async function choosePackageManager(source: Source): Promise<PackageManager> {
  const { names } = source
  const found = managers.filter(({ file }) => names.has(file))
  const [manager, ...others] = found
  if (manager && others.length === 0) return manager
  const uv = managers.find(({ name }) => name === 'uv')
  const above = await findNear(source, 'uv.lock')
  if (uv && !manager && above !== null && names.has('pyproject.toml')) return { ...uv, file: `${above}/${uv.file}` }
  if (manager) throw describeConflict(found.map(({ file }) => file))
  const missing = Object.entries(unlocked).find(([file]) => names.has(file))?.[1]
  throw new BuildError(
    'no-package-manager',
    missing?.headline ?? 'Nothing says what the app needs to be installed.',
    missing?.advice ??
      'Add a requirements.txt, which may be empty, or the lock file of uv, Poetry or Pipenv. If it is there, check that neither ' +
        '.gitignore nor .slugignore names it.',
  )
}

function describeConflict(files: readonly string[]): BuildError {
  return new BuildError(
    'multiple-package-managers',
    `The app has ${files.join(' and ')}, which belong to different package managers.`,
    `They may name different versions. Keep the one that you use and remove the others:\n  git rm ${files.at(0)}`,
  )
}
