import type { Servers, ServerView } from '../../core/servers/servers.ts'
import type { CallAnswers, StreamAnswers } from '../answers.ts'
import type { Authentication, Connection, InstallEvent, Server } from '../contract-servers.ts'

/** Installs or uninstalls the agent of a remembered server; electron/core/install has it. */
export interface Installer {
  install(options: InstallOptions): AsyncIterable<InstallEvent>
  uninstall(options: Omit<InstallOptions, 'signal'> & { readonly removeData: boolean }): Promise<void>
}

export interface InstallOptions {
  readonly serverId: string
  readonly authentication: Authentication
  readonly sudoPassword: string | undefined
  readonly signal: AbortSignal
}

type Names =
  | 'servers.list'
  | 'servers.probe'
  | 'servers.add'
  | 'servers.rename'
  | 'servers.chooseTransport'
  | 'servers.systemSsh'
  | 'servers.remove'
  | 'servers.reconnect'
  | 'servers.trustHostKey'
  | 'servers.restartRouter'
  | 'servers.podman'
  | 'servers.installPodman'
  | 'servers.status'
  | 'servers.stacks'
  | 'servers.uninstall'

const encoder = new TextEncoder()

export function answerServers(
  servers: Servers,
  installer: Installer,
): Pick<CallAnswers, Names> & Pick<StreamAnswers, 'servers.install'> {
  return {
    'servers.list': () => servers.list().map(toServer),
    'servers.probe': ({ transport, ...address }) => servers.probe(address, transport),
    'servers.add': async (wanted) => toServer(await servers.add(wanted)),
    'servers.rename': async ({ serverId, name }) => toServer(await servers.rename(serverId, name)),
    'servers.chooseTransport': async ({ serverId, transport }) =>
      toServer(await servers.chooseTransport(serverId, transport)),
    'servers.systemSsh': ({ serverId }) => servers.describeSystemSsh(serverId),
    async 'servers.remove'({ serverId }) {
      await servers.remove(serverId)
      return {}
    },
    'servers.reconnect': ({ serverId }) => toServer(servers.reconnect(serverId)),
    'servers.trustHostKey': async ({ serverId, fingerprint }) =>
      toServer(await servers.trustHostKey(serverId, fingerprint)),
    'servers.restartRouter': async ({ serverId }) => toServer(await servers.restartRouter(serverId)),
    'servers.stacks': ({ serverId }) => servers.agent(serverId).call('listStacks', {}),
    'servers.podman': ({ serverId }) => servers.agent(serverId).call('getServerPodman', {}),
    'servers.installPodman': ({ serverId }) => servers.agent(serverId).call('installServerPodman', {}),
    'servers.status': ({ serverId }) => servers.agent(serverId).call('getServerStatus', {}),
    async 'servers.uninstall'({ serverId, authentication, sudoPassword, removeData }) {
      await installer.uninstall({ serverId, authentication, sudoPassword, removeData })
      servers.reconnect(serverId)
      return {}
    },
    /** Ends with the server, connected or on its way to be. */
    async 'servers.install'({ serverId, authentication, sudoPassword }, pipe) {
      const events = installer.install({ serverId, authentication, sudoPassword, signal: pipe.signal })
      for await (const event of events) await pipe.write(encoder.encode(`${JSON.stringify(event)}\n`))
      return toServer(servers.reconnect(serverId))
    },
  }
}

function toServer({ connection, ...server }: ServerView): Server {
  return { ...server, connection: toConnection(connection) }
}

/** Attempts are the core's own business. */
function toConnection(connection: ServerView['connection']): Connection {
  switch (connection.state) {
    case 'connecting':
      return { state: 'connecting', reason: connection.reason }
    case 'offline':
      return { state: 'offline', reason: connection.reason, retryAt: connection.retryAt }
    default:
      return connection
  }
}
