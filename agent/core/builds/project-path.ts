/**
 * Config vars that name the folder of the source that is the app: those of the buildpacks that people use on Heroku for this, so that
 * such an app needs no change. https://github.com/timanovsky/subdir-heroku-buildpack, https://github.com/lstoll/heroku-buildpack-monorepo
 */
const names = ['PROJECT_PATH', 'APP_BASE']

const standIns = /\/(subdir-heroku-buildpack|heroku-buildpack-subdir|heroku-buildpack-monorepo)(\.git)?(#.*)?$/

/** `packages/api` of ` ./packages/api/ `; null where the app is the whole source. */
export function readProjectPath(configVars: Readonly<Record<string, string>>): string | null {
  const text = names.map((name) => configVars[name]?.trim()).find(Boolean) ?? ''
  const parts = text.split('/').filter((part) => part !== '' && part !== '.')
  return parts.length === 0 ? null : parts.join('/')
}

/** A buildpack whose one work is what the config var does here by itself. */
export const movesProject = (reference: string): boolean => standIns.test(reference)
