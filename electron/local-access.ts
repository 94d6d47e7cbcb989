import { homedir } from 'node:os'
import { type DesktopConfig, inheritedEnvironment, paths } from './config.ts'
import type { Changes } from './core/changes.ts'
import { ApiPorts } from './core/client/api-ports.ts'
import { ApiToken } from './core/client/api-token.ts'
import { clientFolder } from './core/client/client-folder.ts'
import { ClientSetup } from './core/client/client-setup.ts'
import { GitCheckouts } from './core/git/git-checkouts.ts'
import { GitRemotes } from './core/git/git-remote.ts'
import { RemoteAddresses } from './core/git/remote-address.ts'
import { reachServer } from './core/servers/reach-server.ts'
import { embeddedId, type Servers } from './core/servers/servers.ts'
import { runChild } from './exec/spawn.ts'
import { ApiGateway, type ApiGatewayOptions } from './gateway/api/api-gateway.ts'
import { isOwnGateway } from './gateway/api/identity.ts'
import { Authority } from './gateway/tls/authority.ts'

export interface LocalAccessOptions {
  readonly config: DesktopConfig
  readonly servers: Servers
  readonly changes: Changes
  /** Who the desktop's own key logs in as on a server, and the key's file. */
  readonly serverUser: string
  readonly identity: string
  readonly appUrl: ApiGatewayOptions['appUrl']
  readonly onError: (message: string, error: unknown) => void
}

/** How programs of this computer reach the servers through the desktop: the heroku client, git, scripts. */
export interface LocalAccess {
  /** Serves the servers' APIs to programs of this computer; opened at once unless the core is headless. */
  openApiGateway(): Promise<ApiGateway>
  /** Whether some Hearth of this user serves a server's API now. */
  isApiServed(serverId: string): Promise<boolean>
  readonly apiToken: ApiToken
  readonly apiPorts: ApiPorts
  /** What the heroku client and git on this computer need to reach a server. */
  readonly client: ClientSetup
  readonly gitRemotes: GitRemotes
  readonly gitCheckouts: GitCheckouts
  readonly remoteAddresses: RemoteAddresses
}

export async function openLocalAccess(options: LocalAccessOptions): Promise<LocalAccess & AsyncDisposable> {
  const { config, servers, serverUser, identity } = options
  const apiToken = await ApiToken.open(paths.apiToken(config))
  const apiPorts = await ApiPorts.open(paths.apiPorts(config))
  const client = new ClientSetup({
    ...{ directory: paths.client(config), home: homedir(), token: apiToken, ports: apiPorts, serverUser, identity },
    gitServers: () => servers.entries(),
  })
  const remoteAddresses = new RemoteAddresses({
    apiPort: (serverId) => client.portOf(serverId),
    sshPlace: (serverId) => (serverId === embeddedId ? null : servers.entry(serverId)),
    user: serverUser,
  })
  const { ownGitConfig, sshConfig } = clientFolder(paths.client(config), embeddedId)
  const environment = inheritedEnvironment()
  const gitRemotes = new GitRemotes({ run: runChild, addresses: remoteAddresses, ownGitConfig, sshConfig, environment })
  const gitCheckouts = new GitCheckouts({ run: runChild, directory: paths.checkouts(config) })
  let apiGateway: Promise<ApiGateway> | null = null
  return {
    ...{ apiToken, apiPorts, client, gitRemotes, gitCheckouts, remoteAddresses },
    isApiServed: (serverId) => isOwnGateway({ serverId, port: client.portOf(serverId) }, apiToken.text),
    openApiGateway() {
      apiGateway ??= serveApis(options, { apiToken, apiPorts, client })
      return apiGateway
    },
    async [Symbol.asyncDispose]() {
      await gitCheckouts.close()
      await (await apiGateway)?.close()
    },
  }
}

async function serveApis(
  { config, servers, changes, appUrl, onError }: LocalAccessOptions,
  { apiToken, apiPorts, client }: Pick<LocalAccess, 'apiToken' | 'apiPorts' | 'client'>,
): Promise<ApiGateway> {
  const gateway = await ApiGateway.open({
    token: apiToken,
    ports: apiPorts,
    authority: await Authority.open(paths.authority(config)),
    serverIds: () => servers.list().map(({ id }) => id),
    onServersChange: (listener) => changes.subscribe(({ topic }) => topic === 'servers' && listener()),
    async openDoor(serverId) {
      await reachServer(servers, changes, serverId)
      return servers.openDoor(serverId)
    },
    appUrl,
    onError,
  })
  // Remotes that were added to folders read these, whether or not a terminal was ever opened.
  await client.writeFiles(inheritedEnvironment())
  return gateway
}
