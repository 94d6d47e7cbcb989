import type { AppSummary, Server } from '../../../electron/bridge/contract.ts'
import { targetOf } from '../../lib/apps/target.ts'
import { bridge } from '../../stores/bridge.ts'
import { go, useRoute } from '../../stores/route.ts'
import { doneWords, thingWords } from '../notices/notice-words.ts'
import { expectUnchanged, offerUndo } from '../notices/undo.ts'

export async function renameApp(summary: AppSummary, name: string): Promise<void> {
  const { serverId, app: before } = targetOf(summary)
  await renameTo(serverId, before, name)
  offerUndo({ said: doneWords.renamed(before, name), undo: () => renameTo(serverId, name, before) })
}

/** Whoever looks at the app goes on looking at it. */
async function renameTo(serverId: string, app: string, name: string): Promise<void> {
  await bridge().call('apps.update', { serverId, app, update: { name } })
  const route = useRoute.getState()
  if (route.screen === 'app' && route.serverId === serverId && route.app === app) go({ ...route, app: name })
}

export async function renameServer(server: Server, name: string): Promise<void> {
  const { id: serverId, name: before } = server
  await bridge().call('servers.rename', { serverId, name })
  offerUndo({
    said: doneWords.renamed(before, name),
    async undo() {
      const now = (await bridge().call('servers.list', {})).find(({ id }) => id === serverId)
      expectUnchanged(now?.name === name, thingWords.name(name))
      await bridge().call('servers.rename', { serverId, name: before })
    },
  })
}
