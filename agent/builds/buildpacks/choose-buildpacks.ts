import { readSourceBuildpacks } from '../../contract/sources/source-buildpacks.ts'
import { movesProject, readProjectPath } from '../../core/builds/project-path.ts'
import type { BuiltSlug } from '../../core/ports/builds/builder.ts'
import { readResult } from '../build-place.ts'
import type { BuildRun } from '../build-run.ts'

export interface BuildpackChoice {
  readonly chosenBy: BuiltSlug['chosenBy']
  /** In order; empty where detection has to choose. */
  readonly references: readonly string[]
}

/**
 * Which buildpacks build the app. As on Heroku the app's own list goes before what its source asks for, and both before detection; who
 * decided is said, since a file that is there and does not count is looked for long.
 */
export async function chooseBuildpacks({ request, place, output }: BuildRun): Promise<BuildpackChoice> {
  const [list, manifest] = await Promise.all(['.buildpacks', 'app.json'].map((name) => readResult(place.app, name)))
  const asked = readSourceBuildpacks({ list: list ?? null, manifest: manifest ?? null })
  const own = withoutMovers(request.buildpacks, readProjectPath(request.configVars.reveal()))
  if (own.length > 0) {
    if (asked && asked.references.join() !== own.join())
      output.complain(
        `${asked.file} asks for ${asked.references.join(', ').slice(0, 500)}, which does not count: the app's own buildpacks go before it.\n` +
          "To follow the file, remove the app's buildpacks in its settings (heroku buildpacks:clear).",
      )
    return { chosenBy: 'app', references: own }
  }
  if (!asked) return { chosenBy: 'detection', references: [] }
  output.header(`Buildpacks by ${asked.file}: ${asked.references.join(', ').slice(0, 500)}`)
  return { chosenBy: 'source', references: asked.references }
}

/** What they would do has been done: the folder that they move to the top is there already. */
function withoutMovers(references: readonly string[], project: string | null): readonly string[] {
  return project === null ? references : references.filter((reference) => !movesProject(reference))
}
