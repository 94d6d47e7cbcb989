import type { Agent } from '../../core/ports/agent.ts'
import type { ConnectedServers } from '../../core/ports/connected-servers.ts'
import type { CallAnswers } from '../answers.ts'

type Names =
  | 'configVars.get'
  | 'configVars.update'
  | 'domains.list'
  | 'domains.add'
  | 'domains.remove'
  | 'httpsSettings.get'
  | 'httpsSettings.update'
  | 'buildpacks.list'
  | 'buildpacks.update'
  | 'dynoSettings.get'
  | 'dynoSettings.update'
  | 'repository.get'
  | 'repository.update'

export function answerAppSettings(servers: ConnectedServers): Pick<CallAnswers, Names> {
  const agent = (serverId: string) => servers.agent(serverId)
  return {
    'configVars.get': ({ serverId, app }) => agent(serverId).call('getConfigVars', { app }),
    'configVars.update': ({ serverId, app, update }) => agent(serverId).call('updateConfigVars', { app }, update),
    'domains.list': ({ serverId, app }) => agent(serverId).call('listDomains', { app }),
    'domains.add': ({ serverId, app, hostname }) => agent(serverId).call('createDomain', { app }, { hostname }),
    async 'domains.remove'({ serverId, app, hostname }) {
      await agent(serverId).call('destroyDomain', { app, domain: hostname })
      return {}
    },
    'httpsSettings.get': ({ serverId, app }) => readHttps(agent(serverId), app),
    async 'httpsSettings.update'({ serverId, app, update: { acm, ...update } }) {
      if (acm !== undefined) await agent(serverId).call(acm ? 'enableAcm' : 'disableAcm', { app })
      if (Object.keys(update).length > 0) await agent(serverId).call('updateTlsSettings', { app }, update)
      return readHttps(agent(serverId), app)
    },
    'buildpacks.list': ({ serverId, app }) => agent(serverId).call('listBuildpackInstallations', { app }),
    'buildpacks.update': ({ serverId, app, buildpacks }) =>
      agent(serverId).call(
        'updateBuildpackInstallations',
        { app },
        {
          updates: buildpacks.map((buildpack) => ({ buildpack })),
        },
      ),
    'dynoSettings.get': ({ serverId, app }) => agent(serverId).call('getDynoSettings', { app }),
    'dynoSettings.update': ({ serverId, app, update }) => agent(serverId).call('updateDynoSettings', { app }, update),
    'repository.get': ({ serverId, app }) => agent(serverId).call('getRepository', { app }),
    'repository.update': ({ serverId, app, update }) => agent(serverId).call('updateRepository', { app }, update),
  }
}

async function readHttps(agent: Agent, app: string) {
  const [{ acm }, settings] = await Promise.all([agent.call('getApp', { app }), agent.call('getTlsSettings', { app })])
  return { acm, ...settings }
}
