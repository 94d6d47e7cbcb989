import { HearthError } from '../../../agent/contract/errors.ts'
import type { AppList } from '../../core/app-list.ts'
import { pairWithStatuses } from '../../core/dyno-entries.ts'
import type { ConnectedServers } from '../../core/ports/connected-servers.ts'
import { scalable } from '../../core/scalable.ts'
import type { CallAnswers } from '../answers.ts'

type Names =
  | 'apps.list'
  | 'apps.get'
  | 'apps.create'
  | 'apps.update'
  | 'apps.destroy'
  | 'formation.list'
  | 'formation.update'
  | 'dynoSizes.list'
  | 'dynos.list'
  | 'dynos.restart'
  | 'dynos.stop'

export function answerApps(servers: ConnectedServers, apps: AppList): Pick<CallAnswers, Names> {
  const agent = (serverId: string) => servers.agent(serverId)
  return {
    'apps.list': ({ serverId }) => apps.list(serverId),
    'apps.get': ({ serverId, app }) => apps.get(serverId, app),
    'apps.create': async ({ serverId, name }) =>
      apps.summarise(serverId, await agent(serverId).call('createApp', {}, name === undefined ? {} : { name })),
    'apps.update': async ({ serverId, app, update }) =>
      apps.summarise(serverId, await agent(serverId).call('updateApp', { app }, update)),
    async 'apps.destroy'({ serverId, app, confirm }) {
      const { id, name } = await agent(serverId).call('getApp', { app })
      if (confirm !== name) {
        throw new HearthError('confirmation_required', `Type the app's name, ${name}, to destroy it and all it holds.`)
      }
      await agent(serverId).call('destroyApp', { app: id })
      return {}
    },

    'formation.list': async ({ serverId, app }) => scalable(await agent(serverId).call('listFormation', { app })),
    'formation.update': async ({ serverId, app, updates }) =>
      scalable(await agent(serverId).call('updateFormation', { app }, { updates })),
    'dynoSizes.list': ({ serverId }) => agent(serverId).call('listDynoSizes', {}),
    async 'dynos.list'({ serverId, app }) {
      const [dynos, statuses] = await Promise.all([
        agent(serverId).call('listDynos', { app }),
        agent(serverId).call('listDynoStatuses', { app }),
      ])
      return pairWithStatuses(dynos, statuses)
    },
    async 'dynos.restart'({ serverId, app, dyno, type }) {
      if (dyno !== undefined) await agent(serverId).call('restartDyno', { app, dyno })
      else if (type !== undefined) await agent(serverId).call('restartFormationType', { app, type })
      else await agent(serverId).call('restartAllDynos', { app })
      return {}
    },
    async 'dynos.stop'({ serverId, app, dyno }) {
      await agent(serverId).call('stopDyno', { app, dyno })
      return {}
    },
  }
}
