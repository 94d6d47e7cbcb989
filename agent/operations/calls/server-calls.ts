import { updateAccount } from '../access/update-account.ts'
import type { Calls } from '../call.ts'
import { destroyAuthority, makeAuthority, readAuthority } from '../certificates/local-certificates.ts'
import type { Context } from '../context.ts'
import { findNamed, findUser } from '../find.ts'
import { dynoSizeResources } from '../resources/formation-resource.ts'
import {
  accountResource,
  generationResources,
  regionResources,
  serverResource,
  serverStatusResource,
  stackResources,
} from '../resources/server-resource.ts'
import { restartRouter } from '../restart-router.ts'

/** The server itself, and who asks. */
export function openServerCalls(context: Context) {
  const { architecture } = context.machine.facts
  return {
    getAccount: async ({ actor }) => accountResource(context, actor),
    updateAccount: async ({ actor, body }) => updateAccount(context, actor, body),
    getUser: async ({ actor, parameters }) => accountResource(context, findUser(actor, parameters.user)),
    updateUser: async ({ actor, parameters, body }) => updateAccount(context, findUser(actor, parameters.user), body),
    getRateLimits: async ({ actor }) => ({ remaining: context.rateLimits.remaining(actor.id) }),
    listStacks: async () => stackResources(context),
    getStack: async ({ parameters }) => findNamed(stackResources(context), 'stack', parameters.stack),
    listAppStacks: async () => stackResources(context),
    listRegions: async () => regionResources(context),
    getRegion: async ({ parameters }) => findNamed(regionResources(context), 'region', parameters.region),
    listGenerations: async () => generationResources(context),
    getGeneration: async ({ parameters }) =>
      findNamed(generationResources(context), 'generation', parameters.generation),
    listDynoSizes: async () => dynoSizeResources(architecture),
    listAppDynoSizes: async () => dynoSizeResources(architecture),
    getDynoSize: async ({ parameters }) => findNamed(dynoSizeResources(architecture), 'dyno size', parameters.size),
    getServer: () => serverResource(context),
    getServerDiagnostics: () => context.operatorLog.read(),
    getAuthority: () => readAuthority(context),
    createAuthority: () => makeAuthority(context),
    destroyAuthority: () => destroyAuthority(context),
    restartRouter: () => restartRouter(context),
    getServerPodman: () => context.podman.describe(),
    installServerPodman: () => context.podman.install(),
    async getServerStatus({ actor }) {
      const status = await serverStatusResource(context)
      const isSeen = ({ app }: { app: { id: string } }) => context.people.roleOf(actor, app.id) !== null
      return { ...status, dynos: status.dynos.filter(isSeen), apps: status.apps?.filter(isSeen) }
    },
  } satisfies Partial<Calls>
}
