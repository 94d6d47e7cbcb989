import type { ConnectedServers } from '../../core/ports/connected-servers.ts'
import type { CallAnswers } from '../answers.ts'

type Names = 'metrics.app' | 'metrics.server' | 'metrics.disk'

export function answerMetrics(servers: ConnectedServers): Pick<CallAnswers, Names> {
  return {
    'metrics.app': ({ serverId, app, span }) => servers.agent(serverId).call('getAppMetrics', { app, span }),
    'metrics.server': ({ serverId, span }) => servers.agent(serverId).call('getServerMetrics', { span }),
    'metrics.disk': ({ serverId }) => servers.agent(serverId).call('getDiskUse', {}),
  }
}
