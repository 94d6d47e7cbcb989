import { lstat } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import { type ChosenImage, isImageId } from '../../core/builds/image-reference.ts'
import { readResult } from '../build-place.ts'
import { bareDockerfile, type ImagePlan, type PlannedImage, parseHerokuYml } from './heroku-yml.ts'

/** What a source on the container stack asks for: its heroku.yml counts, and without one its Dockerfile. */
export async function planImages(source: string): Promise<ImagePlan> {
  const text = await readResult(source, 'heroku.yml')
  if (text === null && !(await isFile(path.join(source, 'Dockerfile'))))
    throw new HearthError(
      'build_failed',
      'On the container stack an app has a heroku.yml or a Dockerfile at its root; this one has neither. ' +
        'Add one, or choose the stack of buildpacks again: hearth stack:set.',
    )
  const plan = text === null ? bareDockerfile : parseHerokuYml(text)
  for (const { name, origin } of plan.images)
    if (origin.kind === 'dockerfile' && !(await isFile(path.join(source, origin.file))))
      throw new HearthError('build_failed', `heroku.yml builds ${name} by ${origin.file}, which is not in the source.`)
  return plan
}

/** Images that are there already, each for its process type, which runs what the image itself says. */
export function planChosen(chosen: readonly ChosenImage[]): ImagePlan {
  const images = chosen.map(({ type, reference }): PlannedImage => {
    const isPushed = isImageId(reference)
    return { name: type, origin: isPushed ? { kind: 'pushed', id: reference } : { kind: 'registry', reference } }
  })
  const processTypes = chosen.map(({ type }) => ({ type, image: type, command: null }))
  return { images, processTypes, buildArguments: {}, notes: [] }
}

/** A Dockerfile can't be a link: it is read in the sandbox, where a link leads elsewhere. */
async function isFile(file: string): Promise<boolean> {
  return lstat(file).then(
    (found) => found.isFile(),
    () => false,
  )
}
