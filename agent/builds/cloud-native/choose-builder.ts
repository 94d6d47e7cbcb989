import { HearthError } from '../../contract/errors.ts'
import { builderVar } from '../../core/apps/platform-vars.ts'
import { isImageReference } from '../../core/builds/image-reference.ts'
import type { BuildRun } from '../build-run.ts'
import type { ProjectDescriptor } from './project-toml.ts'

/** Which builder, and who wanted it: the app, its source, or else the server. */
export function chooseBuilder(
  { request, options }: Pick<BuildRun, 'request' | 'options'>,
  { builder }: Pick<ProjectDescriptor, 'builder'>,
): { reference: string; chosenBy: string } {
  const wished = request.configVars.reveal()[builderVar]?.trim()
  const [reference, chosenBy] = wished
    ? [wished, `the config var ${builderVar}`]
    : builder
      ? [builder, 'project.toml']
      : [options.images?.defaultBuilder ?? '', "the server's own choice"]
  if (isImageReference(reference)) return { reference, chosenBy }
  throw new HearthError(
    'build_failed',
    `"${reference.slice(0, 200)}" is no name of a builder's image (${chosenBy}). It looks like heroku/builder:24.`,
  )
}
