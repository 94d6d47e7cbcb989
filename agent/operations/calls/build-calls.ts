import { notFound } from '../../contract/errors.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import { selectRows } from '../../core/range.ts'
import { act } from '../access/act.ts'
import { cancelBuild, createBuild } from '../builds/create-build.ts'
import { createSlug } from '../builds/create-slug.ts'
import { setBuildpacks } from '../builds/set-buildpacks.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp, findBuild, findSlug } from '../find.ts'
import { buildResource, queuedBuildResources, streamPath } from '../resources/build-resource.ts'
import { buildpackResource } from '../resources/buildpack-resource.ts'
import { newSlugResource, slugResource } from '../resources/slug-resource.ts'
import { slugWeightResource } from '../resources/slug-weight-resource.ts'

/** Builds, what they make, and the buildpacks that they use. */
export function openBuildCalls(context: Context) {
  const { store, builder } = context
  const listBuildpacks = (appId: string) =>
    store.buildpacks.get(appId).map((url, ordinal) => ({ ordinal, buildpack: { url, name: url } }))
  return {
    async listBuilds({ parameters, range }) {
      const rows = store.builds.list(findApp(store, parameters.app).id)
      return selectRows(rows, range).map((row) => buildResource(context, row))
    },
    async createBuild({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      return buildResource(context, createBuild(context, { app, actor, request: body }))
    },
    async getBuild({ parameters }) {
      return buildResource(context, findBuild(store, findApp(store, parameters.app), parameters.build))
    },
    async cancelBuild({ actor, parameters }) {
      const app = findApp(store, parameters.app)
      const row = findBuild(store, app, parameters.build)
      return buildResource(context, cancelBuild(context, row, { app, actor }))
    },
    async destroyBuildCache({ actor, parameters }) {
      const app = findApp(store, parameters.app)
      await builder.destroyCache(app.id)
      act(context, { app, actor }, logTexts.cacheRemoved)
      return undefined
    },
    async listBuildQueue({ actor }) {
      return queuedBuildResources(context).filter(({ app }) => context.people.roleOf(actor, app.id) !== null)
    },
    listBuildpacks: async () => builder.buildpacks.map(buildpackResource),
    async getBuildpack({ parameters }) {
      const known = builder.buildpacks.find(
        ({ name, aliases }) => name === parameters.buildpack || aliases.includes(parameters.buildpack),
      )
      if (!known) throw notFound('buildpack', parameters.buildpack)
      return buildpackResource(known)
    },
    async createSlug({ parameters, body }) {
      const row = await createSlug(context, { app: findApp(store, parameters.app), request: body })
      return newSlugResource(context, row, { method: 'PUT', url: `/source-blobs/${row.secret}` })
    },
    async getSlug({ parameters }) {
      const app = findApp(store, parameters.app)
      const row = store.newSlugs.byId(parameters.slug)
      // Who may read it must not learn where its archive goes.
      if (row?.appId === app.id) return newSlugResource(context, row, { method: 'GET', url: streamPath(null) })
      return slugResource(context, findSlug(store, app, parameters.slug))
    },
    listSlugFiles: async ({ parameters }) =>
      context.slugs.files(findSlug(store, findApp(store, parameters.app), parameters.slug).checksum),
    getSlugWeight: async ({ parameters }) =>
      slugWeightResource(context, findSlug(store, findApp(store, parameters.app), parameters.slug)),
    listBuildpackInstallations: async ({ parameters }) => listBuildpacks(findApp(store, parameters.app).id),
    async updateBuildpackInstallations({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      const buildpacks = body.updates.map(({ buildpack }) => buildpack)
      setBuildpacks(context, app, buildpacks)
      act(context, { app, actor }, logTexts.buildpacksSet(buildpacks))
      return listBuildpacks(app.id)
    },
  } satisfies Partial<Calls>
}
