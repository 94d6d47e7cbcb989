import type { CollaboratorCreate } from '../../contract/access/collaborator.ts'
import { type Role, roles } from '../../contract/access/role.ts'
import { HearthError } from '../../contract/errors.ts'
import { grantRole, setRole } from '../access/grant-role.ts'
import { removeCollaborator } from '../access/remove-collaborator.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp } from '../find.ts'
import { appAccessResource, serverAccessResource, usersOf } from '../resources/access-resource.ts'
import { activityResources } from '../resources/activity-resource.ts'
import { collaboratorResource, findCollaborator } from '../resources/collaborator-resource.ts'

/** As on Heroku, whoever is let in without a word on their role may do everything but manage. */
const collaboratorRole = 'operate'

/** Who may use an app, and what whoever asks may do. */
export function openAccessCalls(context: Context) {
  const { store, people } = context
  const find = ({ app, collaborator }: { app: string; collaborator: string }) => {
    const row = findApp(store, app)
    return { app: row, person: findCollaborator(context, row, collaborator) }
  }
  return {
    async listCollaborators({ parameters }) {
      const app = findApp(store, parameters.app)
      return usersOf(context, app).map((person) => collaboratorResource(app, person))
    },
    async createCollaborator({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      const { user, public_key: publicKey } = body
      const grant = { actor, user, publicKey, role: highestRole(body), otherwise: collaboratorRole } as const
      return collaboratorResource(app, await grantRole(context, { ...grant, app }))
    },
    async getCollaborator({ parameters }) {
      const { app, person } = find(parameters)
      return collaboratorResource(app, person)
    },
    async updateCollaborator({ actor, parameters, body }) {
      const { app, person } = find(parameters)
      const role = highestRole(body)
      if (role === undefined) throw new HearthError('invalid_params', `Name a role: ${roles.join(', ')}.`)
      setRole(context, { actor, person, app, role })
      return collaboratorResource(app, people.require(person.id))
    },
    async destroyCollaborator({ actor, parameters }) {
      const { app, person } = find(parameters)
      await removeCollaborator(context, { actor, app, person })
      return collaboratorResource(app, person)
    },
    getAppAccess: async ({ actor, parameters }) => appAccessResource(context, actor, findApp(store, parameters.app)),
    listAppActivity: async ({ parameters }) => activityResources(context, findApp(store, parameters.app)),
    listServerActivity: async () => activityResources(context, null),
    getServerAccess: async ({ actor }) => serverAccessResource(context, actor),
  } satisfies Partial<Calls>
}

function highestRole({ role, permissions }: Pick<CollaboratorCreate, 'role' | 'permissions'>): Role | undefined {
  return role ?? roles.findLast((one) => permissions?.includes(one))
}
