import type { LayerReference } from '../../core/ports/builds/slug-store.ts'
import type { BuildRun } from '../build-run.ts'

export interface Aptfile {
  readonly packages: readonly string[]
  /** Lines for other sources than the stack's own: `:repo:...` and addresses of packages. */
  readonly others: readonly string[]
}

/** A package's name a line, as Heroku's apt buildpack reads it; `#` begins a comment. */
export function readAptfile(text: string): Aptfile {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean)
  const isOther = (line: string) => line.startsWith(':repo:') || line.includes('://')
  return {
    packages: lines.filter((line) => !isOther(line)).flatMap((line) => line.split(/\s+/)),
    others: lines.filter(isOther),
  }
}

/** The Debian packages that an Aptfile names, as one layer under the app's builds and its dynos. */
export async function ensureAptfile(run: BuildRun, text: string): Promise<LayerReference | null> {
  const { layers, output, signal } = run
  const { packages, others } = readAptfile(text)
  if (others.length > 0)
    output.complain(
      `The Aptfile names other sources than the stack's own, which are left out: ${others.join(', ').slice(0, 500)}\n` +
        'Name a package of the distribution, or add a buildpack that brings what is there.',
    )
  if (packages.length === 0) return null
  output.header(`Packages of the Aptfile: ${packages.join(' ').slice(0, 500)}`)
  if (layers.stack.directory !== null)
    return layers.ensure(`apt ${packages.join(' ')}`, { output: output.text, signal })
  output.detail('On this computer Hearth installs no packages: what is not there already is missing.')
  return null
}
