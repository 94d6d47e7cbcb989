import type { ConfigVars } from '../../contract/apps/config-vars.ts'
import type { AppRow, ReleaseRow } from '../ports/store.ts'

const mebibyte = 1024 * 1024

/** The config var with the logins of registries that images are fetched from: for builds, never for dynos. */
export const registryLogin = 'HEARTH_REGISTRY_LOGIN'
/** The config var that names the builder of an app on the stack `cnb`. */
export const builderVar = 'HEARTH_BUILDER'

/** What a dyno finds in its environment, besides what the runner adds. The platform's own names win. */
export function addPlatformVars(parts: {
  readonly app: AppRow
  readonly release: ReleaseRow
  readonly configVars: ConfigVars
  readonly dyno: { readonly id: string; readonly name: string }
  readonly extra: Readonly<Record<string, string>>
  /** What its size grants. */
  readonly memoryBytes: number
  /** Where the app answers without any domain of its owner's. */
  readonly defaultHostname: string
}): Record<string, string> {
  const { app, release, configVars, dyno, extra, memoryBytes, defaultHostname } = parts
  const [commit, description] = [release.commit ?? '', release.description]
  // https://devcenter.heroku.com/articles/dyno-metadata
  const facts = {
    APP_DEFAULT_DOMAIN_NAME: defaultHostname,
    APP_ID: app.id,
    APP_NAME: app.name,
    BUILD_COMMIT: commit,
    BUILD_DESCRIPTION: description,
    DYNO_ID: dyno.id,
    RELEASE_CREATED_AT: release.createdAt,
    RELEASE_VERSION: `v${release.version}`,
    SLUG_COMMIT: commit,
    SLUG_DESCRIPTION: description,
  }
  // The kernel's limit, which programs find by themselves, is higher: more than this is only not ended at once.
  const memory = { MEMORY_AVAILABLE: String(Math.floor(memoryBytes / mebibyte)) }
  // Programs made for Heroku read the second spelling.
  const named = Object.entries(facts).flatMap(([name, value]) => [
    [`HEARTH_${name}`, value],
    [`HEROKU_${name}`, value],
  ])
  const { [registryLogin]: _, ...own } = configVars
  return { ...memory, ...Object.fromEntries(named), ...own, ...extra, DYNO: dyno.name }
}
