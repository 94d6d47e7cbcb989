import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { openAgent } from './agent-client/open-agent.ts'
import { openDoor } from './agent-client/open-door.ts'
import { type DesktopConfig, inheritedEnvironment, paths } from './config.ts'
import { AppList } from './core/app-list.ts'
import { Changes } from './core/changes.ts'
import { DeployRunner } from './core/deploy/deploy.ts'
import { LastFolders } from './core/deploy/last-folders.ts'
import { UnfinishedDeploys } from './core/deploy/unfinished-deploys.ts'
import { DesktopLog } from './core/diagnostics/desktop-log.ts'
import { collectDiagnostics, type DiagnosticFile } from './core/diagnostics/diagnostics.ts'
import { linkEmbedded } from './core/embedded/embedded-link.ts'
import { EmbeddedServer } from './core/embedded/embedded-server.ts'
import { FolderHashes } from './core/folder/folder-hash.ts'
import { publishGateway } from './core/gateway-address.ts'
import { readProgramVersion } from './core/install/bundle.ts'
import type { KeyStore } from './core/ledger/key-store.ts'
import { Ledger } from './core/ledger/ledger.ts'
import { LedgerKeys, type VaultFinding } from './core/ledger/ledger-keys.ts'
import { ReleaseHistory } from './core/ledger/release-history.ts'
import type { SshConnectors, SystemSsh } from './core/ports/transport.ts'
import { ServerFile } from './core/servers/server-file.ts'
import { Servers } from './core/servers/servers.ts'
import { listSshChoices } from './core/servers/ssh-choices.ts'
import { linkSsh } from './core/servers/ssh-link.ts'
import { watchServer } from './core/servers/watch-server.ts'
import { SettingsStore } from './core/settings.ts'
import { AuthorityTrust } from './core/trust/authority-trust.ts'
import { WatchedFolders } from './core/watch/watched-folders.ts'
import { startProgram } from './exec/program.ts'
import { runChild } from './exec/spawn.ts'
import { defaultGatewayPort, type Gateway, openGateway } from './gateway/apps/app-gateway.ts'
import { type LocalAccess, openLocalAccess } from './local-access.ts'
import { openLedgerFile } from './sqlite/ledger-file.ts'
import { type DesktopKey, openDesktopKey } from './ssh/desktop-key.ts'
import { Ssh2Connector } from './ssh/ssh2-connector.ts'
import { SystemConnector } from './ssh/system-connector.ts'
import { openSystemSsh } from './ssh/system-ssh.ts'
import { readVersions } from './versions.ts'

export interface DesktopCoreOptions {
  readonly config: DesktopConfig
  /** The operating system's key store, as the shell found it. */
  readonly vault?: VaultFinding
  readonly onError: (message: string, error: unknown) => void
  /** For one command: connects only to the servers that it asks for, and leaves serving apps to the desktop. */
  readonly isHeadless?: boolean
}

/** The desktop without a window: what screens and the command line share. */
export interface DesktopCore extends LocalAccess {
  readonly config: DesktopConfig
  readonly changes: Changes
  readonly servers: Servers
  readonly connectors: SshConnectors
  readonly systemSsh: SystemSsh
  readonly desktopKey: DesktopKey
  readonly apps: AppList
  readonly ledger: Ledger
  readonly history: ReleaseHistory
  readonly deploys: DeployRunner
  readonly lastFolders: LastFolders
  readonly watchedFolders: WatchedFolders
  /** What helps to find out what is wrong, clean of secrets. */
  collectDiagnostics(): Promise<DiagnosticFile[]>
  /** Serves apps as <app>.localhost; opened at once unless the core is headless. */
  openGateway(): Promise<Gateway>
  /** The server of this computer was started by this process and ends with it. */
  isEmbeddedOwner(): boolean
  readonly keys: KeyStore
  /** What this computer trusts of a server's own authority. */
  readonly trust: AuthorityTrust
  readonly settings: SettingsStore
  sshChoices(): Promise<{ hosts: string[]; keys: string[] }>
  close(): Promise<void>
}

/** The user that keys log in as on a server; the installer makes it. */
const serverUser = 'hearth'

export async function openDesktopCore(options: DesktopCoreOptions): Promise<DesktopCore> {
  const { config, vault, isHeadless = false } = options
  await using opened = new AsyncDisposableStack()
  await mkdir(config.directory, { recursive: true, mode: 0o700 })
  const log = opened.adopt(new DesktopLog(paths.desktopLog(config)), (open) => open.close())
  const onError: DesktopCoreOptions['onError'] = (message, error) => {
    log.note(message, error)
    options.onError(message, error)
  }
  const changes = new Changes()
  const warn = (message: string) => onError(message, 'set aside')
  const settings = await SettingsStore.open(paths.settings(config), warn)
  const store = opened.adopt(openLedgerFile(paths.ledger(config)), (file) => file.close())
  const keyStore = await LedgerKeys.open({
    keyFile: paths.keyFile(config),
    passphraseFile: paths.passphraseFile(config),
    found: vault ?? { vault: null, obstacle: null },
  })
  const ledger = new Ledger(store, keyStore)
  const desktopKey = await openDesktopKey(paths.desktopKey(config))
  const connectors: SshConnectors = {
    ssh2: new Ssh2Connector({ agentSocket: config.sshAgentSocket }),
    system: new SystemConnector(),
  }
  const systemSsh = openSystemSsh({ agentSocket: config.sshAgentSocket })

  const embedded = linkEmbedded(() => openEmbedded(config), { openAgent, openDoor })
  const servers = new Servers({
    file: await ServerFile.open(paths.servers(config), warn),
    connectors,
    systemSsh,
    linkTo: (entry) =>
      linkSsh({
        connector: () => connectors[entry().transport],
        openAgent,
        openDoor,
        target: () => {
          const { host, port, hostKeys } = entry()
          return { host, port, hostKeys, user: serverUser, authentication: { kind: 'key', path: desktopKey.path } }
        },
      }),
    embedded,
    ownAgent: await readProgramVersion(dirname(config.agentBundle)).catch(() => null),
    changes,
    onConnected: (serverId, agent, signal) => void watchServer({ serverId, agent, ledger, changes, signal, onError }),
  })
  opened.defer(() => servers.close())
  servers.open(isHeadless ? 'on demand' : 'everywhere')
  if (!isHeadless) {
    const { signal } = opened.adopt(new AbortController(), (following) => following.abort())
    settings.follow(signal, () => changes.emit({ topic: 'settings' }))
    servers.follow(signal)
  }

  let gateway: Gateway | null = null
  const urlOf = (serverId: string, app: string): string | null =>
    gateway?.urlOf(app, apps.isAmbiguous(app) ? servers.get(serverId).name : undefined) ?? null
  const apps = new AppList(servers, urlOf)
  opened.defer(() => gateway?.close())
  const openAppGateway = async () => {
    gateway ??= await serveApps(apps, servers, settings)
    return gateway
  }
  const access = opened.use(
    await openLocalAccess({ config, servers, changes, serverUser, identity: desktopKey.path, appUrl: urlOf, onError }),
  )
  if (!isHeadless) {
    await access.openApiGateway()
    const { port } = await openAppGateway()
    opened.defer(await publishGateway(paths.gateway(config), port))
  }

  const hashes = new FolderHashes(paths.folderHashes(config))
  // One command's deploy is its own: whoever breaks it off is told so on the terminal.
  const remembering = isHeadless ? {} : { unfinished: new UnfinishedDeploys(paths.unfinishedDeploys(config)) }
  const deploys = new DeployRunner({ servers, changes, hashes, urlOf, onError, ...remembering })
  opened.defer(() => deploys.close())
  await deploys.findUnfinished()
  const file = paths.watchedFolders(config)
  const watchedFolders = new WatchedFolders({ file, servers, deploys, hashes, changes, onError })
  opened.defer(() => watchedFolders.close())
  if (!isHeadless) await watchedFolders.open()

  const history = new ReleaseHistory(ledger, servers, (serverId) => servers.get(serverId).agent?.id ?? null)
  const ending = opened.move()
  return {
    ...{ config, changes, servers, connectors, systemSsh, desktopKey, apps, ledger, history, deploys, settings },
    ...access,
    openGateway: openAppGateway,
    lastFolders: new LastFolders(paths.lastFolders(config)),
    watchedFolders,
    isEmbeddedOwner: () => embedded.isOwner(),
    keys: keyStore,
    trust: new AuthorityTrust({
      ...{ platform: process.platform, home: homedir(), environment: inheritedEnvironment(), run: runChild },
      fileOf: (serverId) => paths.serverAuthority(config, serverId),
    }),
    collectDiagnostics: () =>
      collectDiagnostics({
        ...{
          servers,
          ledger,
          settings,
          log,
          versions: () => readVersions(config),
          environment: inheritedEnvironment(),
        },
        embeddedLog: join(paths.embeddedServer(config), 'agent.log'),
        secrets: () => [access.apiToken.text],
      }),
    sshChoices: () => listSshChoices(join(homedir(), '.ssh')),
    close: () => ending.disposeAsync(),
  }
}

function openEmbedded(config: DesktopConfig): Promise<EmbeddedServer> {
  return EmbeddedServer.open({
    directory: paths.embeddedServer(config),
    nodeProgram: config.nodeProgram,
    agentBundle: config.agentBundle,
    startProgram,
  })
}

async function serveApps(apps: AppList, servers: Servers, settings: SettingsStore): Promise<Gateway> {
  const gateway = await openGateway({
    port: settings.gatewayPort ?? defaultGatewayPort,
    findServers: (app) => findServers(apps, servers, app),
    openRouter: (serverId) => servers.openRouter(serverId),
  })
  // Another desktop or the command line may have the port for now; bookmarks keep the first one.
  if (settings.gatewayPort === null) await settings.rememberGatewayPort(gateway.port)
  return gateway
}

/** Which servers have an app of that name, those that are away included. */
async function findServers(apps: AppList, servers: Servers, app: string) {
  const summaries = await apps.list()
  return summaries
    .filter((summary) => summary.app.name === app)
    .map(({ serverId }) => ({ serverId, serverName: servers.get(serverId).name }))
}
