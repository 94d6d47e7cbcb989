import type { Phase } from './phases.ts'

/**
 * What became of a phase that ended with a status other than 0: what failed, why, and what to do about it. The statuses are the
 * platform interface's: https://github.com/buildpacks/spec/blob/main/platform.md, "Exit Code" of each phase.
 */
export function explainPhase({ name }: Pick<Phase, 'name'>, status: number, builder: string): string {
  return known(status, builder) ?? inGeneral(name, status, builder)
}

function known(status: number, builder: string): string | null {
  switch (status) {
    case 11:
      return `The lifecycle of ${builder} does not speak the platform API that it says it does (status 11).\nTake a newer version of the builder, or tell its makers.`
    case 12:
      return `A buildpack wants a buildpack API that the lifecycle of ${builder} does not have (status 12).\nWhich one stands above: take a version of it for this builder, or a newer builder.`
    case 20:
      return `No buildpacks of ${builder} fit this app.\nWhat each of them looks for stands above. Are the app's files at the root of what was deployed (PROJECT_PATH), and not left out by project.toml? Otherwise name another builder or other buildpacks in project.toml.`
    case 21:
      return `No buildpacks of ${builder} fit this app, and one of them failed while it looked.\nIts message stands above, after "err": mend what it says, or name the buildpacks to use in project.toml.`
    case 51:
      return 'A buildpack could not build the app.\nThe last lines above are what it said.'
    case 91:
      return `An image extension of ${builder} failed.\nHearth runs no image extensions: take a builder or buildpacks without them.`
    case 125:
      return 'The container of this phase could not be made; podman says above why.'
    case 126:
    case 127:
      return `${builder} has no lifecycle that this server can run (status ${status}).\nIs it a builder of Cloud Native Buildpacks, and made for this server's architecture?`
    default:
      return null
  }
}

const advice: Record<Phase['name'], string> = {
  analyzer:
    'the last image and the run image could not be read. Deploy again; if it stays so, take another version of the builder',
  detector:
    'its order of buildpacks could not be followed. Do the buildpacks that project.toml names exist in the builder?',
  restorer:
    'what earlier builds kept could not be restored. Purge the build cache of the app (heroku builds:cache:purge) and deploy again',
  builder: 'it could not run the buildpacks, or what they left is not understood. What it says stands above',
  exporter: 'it could not make the image. What it says stands above; is the disk of the server full?',
}

function inGeneral(name: Phase['name'], status: number, builder: string): string {
  return `The ${name} of ${builder} failed with status ${status}: ${advice[name]}.`
}
