import { HearthError } from '../../contract/errors.ts'
import { toPlainLine } from '../../core/logs/plain-text.ts'
import { parseProcfile } from '../../core/releases/procfile.ts'
import type { BuildOutput } from '../build-output.ts'
import { readResult } from '../build-place.ts'
import { parseReleaseYaml } from '../buildpacks/release-yaml.ts'

/** Characters of a command that are repeated. */
const shownCommand = 200

/**
 * The process types of a finished build: the last buildpack's defaults, under what the Procfile says. Read at the end,
 * because buildpacks may write a Procfile.
 */
export async function discoverProcessTypes(options: {
  app: string
  releases: readonly (string | null)[]
  output: BuildOutput
}): Promise<Record<string, string>> {
  const { app, releases, output } = options
  output.header('Discovering process types')
  const defaults = parseReleaseYaml(releases.at(-1) ?? '')
  const text = await readResult(app, 'Procfile')
  const { processTypes: declared, problems } = parseProcfile(text ?? '')
  for (const { line, severity, message } of problems) output.complain(`Procfile, line ${line}, ${severity}: ${message}`)
  const broken = problems.find((problem) => problem.severity === 'error')
  if (broken) throw new HearthError('build_failed', `The Procfile is not valid: line ${broken.line}: ${broken.message}`)
  const names = Object.keys(declared)
  output.detail(
    text === null ? 'The app has no Procfile' : `Procfile declares types -> ${names.join(', ') || '(none)'}`,
  )
  const added = Object.entries(defaults).filter(([name]) => !names.includes(name))
  for (const [name, command] of added)
    output.detail(`The buildpack adds ${name}: ${toPlainLine(command, shownCommand)}`)
  return { ...defaults, ...declared }
}
