import { BuildError } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'

/** What the buildpack reads of project.clj; anything else in it is Leiningen's business. */
export interface Project {
  /** `small.jar`, of `:uberjar-name`. */
  readonly uberjar: string | null
  /** `:main`, by which a jar with all that it needs can be started. */
  readonly hasMain: boolean
}

export async function readProject(source: Source): Promise<Project> {
  const text = ((await source.read('project.clj')) ?? '').replace(/;.*$/gm, '')
  const [, least] = /:min-lein-version\s+"([^"]+)"/.exec(text) ?? []
  if (least?.startsWith('1.'))
    throw new BuildError(
      'leiningen-too-old',
      `project.clj is for Leiningen ${least}, which is not built any more.`,
      'Write into project.clj: :min-lein-version "2.0.0"',
    )
  return { uberjar: /:uberjar-name\s+"([^"]+)"/.exec(text)?.[1] ?? null, hasMain: /:main\s/.test(text) }
}
