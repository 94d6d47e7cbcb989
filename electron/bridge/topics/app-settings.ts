import type { ConnectedServers } from '../../core/ports/connected-servers.ts'
import type { CallAnswers } from '../answers.ts'

type Names =
  | 'configVars.get'
  | 'configVars.update'
  | 'features.list'
  | 'features.update'
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
    'features.list': ({ serverId, app }) => agent(serverId).call('listAppFeatures', { app }),
    async 'features.update'({ serverId, app, name, isOn }) {
      await agent(serverId).call('updateAppFeature', { app, feature: name }, { enabled: isOn })
      return agent(serverId).call('listAppFeatures', { app })
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
