/** A slug's stack by name: `debian-12` of `debian-12-0f3a5c7e9b1d`. */
export function stackNameOf(id: string): string {
  return id.replace(/-[0-9a-f]{12}$/, '')
}

/**
 * As which Heroku stack a stack passes, for buildpacks of others that know no more: `heroku-24` is made of Ubuntu 24.04, and so are the
 * programs that those buildpacks download for it. Others stay what they are. https://devcenter.heroku.com/articles/stack
 */
export function herokuStackName(name: string): string {
  const [, year] = /^ubuntu-(\d\d)\.04$/.exec(name) ?? []
  return year === undefined ? name : `heroku-${year}`
}
