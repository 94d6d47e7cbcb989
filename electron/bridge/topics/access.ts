import type { ServerAccess } from '../../../agent/contract/access/access.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import { readPublicKey } from '../../core/access/public-key.ts'
import type { Agent } from '../../core/ports/agent.ts'
import type { ConnectedServers } from '../../core/ports/connected-servers.ts'
import type { CallAnswers } from '../answers.ts'

type Names = Extract<keyof CallAnswers, `access.${string}` | `activity.${string}` | `ownKeys.${string}`>

export function answerAccess(servers: ConnectedServers): Pick<CallAnswers, Names> {
  const agent = (serverId: string) => servers.agent(serverId)
  return {
    'access.own': ({ serverId }) => readOwnAccess(agent(serverId)),
    'access.app': ({ serverId, app }) => agent(serverId).call('getAppAccess', { app }),
    'access.people': ({ serverId }) => agent(serverId).call('listPeople', {}),
    async 'access.grant'({ serverId, app, user, role, publicKey }) {
      const public_key = publicKey === undefined ? undefined : readPublicKey(publicKey)
      const given = { user, role, ...(public_key === undefined ? {} : { public_key }) }
      if (app === undefined) await agent(serverId).call('createPerson', {}, given)
      else await agent(serverId).call('createCollaborator', { app }, given)
      return {}
    },
    async 'access.setRole'({ serverId, app, person, role }) {
      if (app === undefined) await agent(serverId).call('updatePerson', { person }, { role })
      else if (role === null) await agent(serverId).call('destroyCollaborator', { app, collaborator: person })
      else await agent(serverId).call('updateCollaborator', { app, collaborator: person }, { role })
      return {}
    },
    async 'access.remove'({ serverId, app, person }) {
      if (app === undefined) await agent(serverId).call('destroyPerson', { person })
      else await agent(serverId).call('destroyCollaborator', { app, collaborator: person })
      return {}
    },
    async 'access.removeKey'({ serverId, person, key }) {
      await agent(serverId).call('destroyPersonKey', { person, key })
      return {}
    },
    'activity.list': ({ serverId, app }) =>
      app === undefined
        ? agent(serverId).call('listServerActivity', {})
        : agent(serverId).call('listAppActivity', { app }),
    'ownKeys.list': ({ serverId }) => agent(serverId).call('listKeys', {}),
    async 'ownKeys.add'({ serverId, publicKey }) {
      await agent(serverId).call('createKey', {}, { public_key: readPublicKey(publicKey) })
      return {}
    },
    async 'ownKeys.remove'({ serverId, key }) {
      await agent(serverId).call('destroyKey', { key })
      return {}
    },
  }
}

/** An agent from before there were roles lets every key do everything. */
async function readOwnAccess(agent: Agent): Promise<ServerAccess> {
  try {
    return await agent.call('getServerAccess', {})
  } catch (error) {
    if (!(error instanceof HearthError) || error.id !== 'not_found') throw error
    const { id, email } = await agent.call('getAccount', {})
    const apps = (await agent.call('listApps', {})).map(({ id: appId, name }) => {
      return { app: { id: appId, name }, role: 'manage' as const }
    })
    return { user: { id, email }, role: 'manage', apps, managers: [email], has_people: false }
  }
}
