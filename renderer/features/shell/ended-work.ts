import type { Deploy, Server } from '../../../electron/bridge/contract.ts'
import type { Installation } from '../../stores/installations.ts'
import type { Route } from '../../stores/route.ts'
import { endWords } from './words.ts'

/** Long work that has ended, as it is told to whoever looks at something else. */
export interface Ended {
  /** The same for the same work: a second notice takes the first one's place. */
  id: string
  isGood: boolean
  title: string
  message: string
  /** The screen that shows it. */
  route: Route
}

/** Null for what somebody stopped: they know. With one server there is no other to tell apart. */
export function describeDeploy(deploy: Deploy, servers: readonly Pick<Server, 'id' | 'name'>[]): Ended | null {
  const { id, state, serverId, appName, release, url, error } = deploy
  if (state === 'cancelled' || state === 'running') return null
  const name = servers.find((server) => server.id === serverId)?.name
  const where = servers.length > 1 && name ? endWords.onServer(name) : ''
  const isGood = state === 'succeeded'
  return {
    ...{ id, isGood },
    title: isGood ? endWords.serves(appName, release?.version ?? null, where) : endWords.deployFailed(appName, where),
    message: isGood ? (url ?? endWords.deployed) : (firstLine(error) ?? endWords.seeDeploy),
    route: { screen: 'app', serverId, app: appName, tab: 'deploy' },
  }
}

/** An upgrade is an installation of a newer agent. */
export function describeInstall(server: Pick<Server, 'id' | 'name'>, { outcome }: Installation): Ended | null {
  if (outcome.state === 'running') return null
  const isGood = outcome.state === 'done'
  return {
    id: `install ${server.id}`,
    isGood,
    title: isGood ? endWords.installed(server.name) : endWords.installFailed(server.name),
    message: isGood ? endWords.ready : (firstLine(outcome.error.message) ?? endWords.seeInstall),
    route: { screen: 'install-server', serverId: server.id },
  }
}

const firstLine = (text: string | null): string | undefined => text?.split('\n')[0] || undefined
