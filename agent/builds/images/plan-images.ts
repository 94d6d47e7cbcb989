import { lstat } from 'node:fs/promises'
import path from 'node:path'
import { HearthError } from '../../contract/errors.ts'
import { readResult } from '../build-place.ts'
import { bareDockerfile, type ImagePlan, parseHerokuYml } from './heroku-yml.ts'

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
  for (const { name, dockerfile } of plan.images)
    if (!(await isFile(path.join(source, dockerfile))))
      throw new HearthError('build_failed', `heroku.yml builds ${name} by ${dockerfile}, which is not in the source.`)
  return plan
}

/** A Dockerfile can't be a link: it is read in the sandbox, where a link leads elsewhere. */
async function isFile(file: string): Promise<boolean> {
  return lstat(file).then(
    (found) => found.isFile(),
    () => false,
  )
}
