import type { ConnectedServers } from '../../core/ports/connected-servers.ts'
import type { CallAnswers } from '../answers.ts'

type Names = 'logs.history' | 'logs.segment' | 'logs.search'

export function answerLogHistory(servers: ConnectedServers): Pick<CallAnswers, Names> {
  return {
    'logs.history': ({ serverId, app }) => servers.agent(serverId).call('getLogHistory', { app }),
    'logs.segment': ({ serverId, app, segment }) =>
      servers.agent(serverId).call('getLogSegment', { app, segment: String(segment) }),
    'logs.search': ({ serverId, app, search }) => servers.agent(serverId).call('searchLog', { app }, search),
  }
}
