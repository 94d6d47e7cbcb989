/** What follows from a stack, for people who choose one. */
export function explainStack(name: string): string {
  switch (name) {
    case 'container':
      return "Its dynos run images that the source's heroku.yml or Dockerfile makes, or that a registry has."
    case 'cnb':
      return "Its dynos run an image that a builder of Cloud Native Buildpacks makes: that of the config var HEARTH_BUILDER, of project.toml, or the server's."
    default:
      return 'What its builds and dynos run on, made when a build first wants it.'
  }
}

/** Apps on it are images, which podman makes and runs. */
export function isOfImages(stack: string): boolean {
  return stack === 'container' || stack === 'cnb'
}
