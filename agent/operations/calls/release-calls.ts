import type { ReleaseVersions } from '../../core/ports/store.ts'
import { type Range, selectRows } from '../../core/range.ts'
import { setConfigVars } from '../apps/set-config-vars.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp, findRelease, findSlug } from '../find.ts'
import { deploy } from '../releases/deploy.ts'
import { rollBack } from '../releases/rollback.ts'
import {
  releaseLinkResource,
  releaseResource,
  releaseResources,
  releaseStateResources,
} from '../resources/release-resource.ts'

/** Releases, and the config vars that make them. */
export function openReleaseCalls(context: Context) {
  const { store } = context
  return {
    async listReleases({ parameters, range }) {
      const app = findApp(store, parameters.app)
      const rows = store.releases.list(app.id, range?.field === 'version' ? toVersions(range) : undefined)
      return releaseResources(context, app, selectRows(rows, range))
    },
    async createRelease({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      if ('release' in body) {
        const target = findRelease(store, app, body.release)
        return releaseResource(context, app, await rollBack(context, { app, actor, target }))
      }
      const slug = findSlug(store, app, body.slug)
      const { release } = await deploy(context, { slug, actor, description: body.description })
      return releaseResource(context, app, release)
    },
    async getRelease({ parameters }) {
      const app = findApp(store, parameters.app)
      return releaseResource(context, app, findRelease(store, app, parameters.release))
    },
    async getReleaseConfigVars({ parameters }) {
      const app = findApp(store, parameters.app)
      return store.releases.configVars(findRelease(store, app, parameters.release).id)
    },
    async listReleaseStates({ parameters }) {
      return releaseStateResources(context, findApp(store, parameters.app))
    },
    async listReleaseLinks({ parameters }) {
      return store.releases.list(findApp(store, parameters.app).id).map(releaseLinkResource)
    },
    getConfigVars: async ({ parameters }) => store.configVars.get(findApp(store, parameters.app).id),
    async updateConfigVars({ actor, parameters, body }) {
      return setConfigVars(context, { app: findApp(store, parameters.app), actor, update: body })
    },
  } satisfies Partial<Calls>
}

/** The stock client asks for the newest of perhaps thousands after each change of a config var. */
function toVersions({ start, end, isDescending, maximum }: Range): ReleaseVersions {
  const [lowest, highest] = isDescending ? [end, start] : [start, end]
  return {
    lowest: Number(lowest?.value) || 0,
    highest: Number(highest?.value) || Number.MAX_SAFE_INTEGER,
    isNewestFirst: isDescending,
    // A bound that is left out, and one more, which tells that there is more.
    maximum: maximum + 2,
  }
}
