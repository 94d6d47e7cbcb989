import type { Agent } from '../../core/ports/agent.ts'
import type { ConnectedServers } from '../../core/ports/connected-servers.ts'
import type { CallAnswers } from '../answers.ts'
import type { calls } from '../contract-domains.ts'

export function answerDomains(servers: ConnectedServers): Pick<CallAnswers, keyof typeof calls> {
  const agent = (serverId: string) => servers.agent(serverId)
  return {
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
    'certificates.list': ({ serverId, app }) => agent(serverId).call('listSniEndpoints', { app }),
    'certificates.upload': ({ serverId, app, replaces, ...pems }) =>
      replaces === null
        ? agent(serverId).call('createSniEndpoint', { app }, pems)
        : agent(serverId).call('updateSniEndpoint', { app, sni_endpoint: replaces }, pems),
    async 'certificates.refresh'({ serverId, app }) {
      await agent(serverId).call('refreshAcm', { app })
      return {}
    },
    async 'certificates.remove'({ serverId, app, name }) {
      await agent(serverId).call('destroySniEndpoint', { app, sni_endpoint: name })
      return {}
    },
  }
}

async function readHttps(agent: Agent, app: string) {
  const [{ acm }, settings] = await Promise.all([agent.call('getApp', { app }), agent.call('getTlsSettings', { app })])
  return { acm, ...settings }
}
