import { homedir } from 'node:os'
import type { Answers } from './bridge/answers.ts'
import { answerAccess } from './bridge/topics/access.ts'
import { answerAppSettings } from './bridge/topics/app-settings.ts'
import { answerApps } from './bridge/topics/apps.ts'
import { answerClient } from './bridge/topics/client.ts'
import { answerDeploys } from './bridge/topics/deploys.ts'
import { answerDesktop, type ShellDoor } from './bridge/topics/desktop.ts'
import { answerDiagnostics } from './bridge/topics/diagnostics.ts'
import { answerDomains } from './bridge/topics/domains.ts'
import { answerLogHistory } from './bridge/topics/logs.ts'
import { answerMetrics } from './bridge/topics/metrics.ts'
import { answerReleases } from './bridge/topics/releases.ts'
import { answerServers } from './bridge/topics/servers.ts'
import { answerSettingsTransfer } from './bridge/topics/settings-transfer.ts'
import { answerShell } from './bridge/topics/shell.ts'
import { answerChanges, answerLogs, answerTerminals } from './bridge/topics/streams.ts'
import { answerTrust } from './bridge/topics/trust.ts'
import { inheritedEnvironment, paths, readUserShell, samplesDirectory } from './config.ts'
import { LocalShells } from './core/client/local-shells.ts'
import { Folders } from './core/deploy/folders.ts'
import { Uploads } from './core/deploy/uploads.ts'
import { type DesktopCore, type DesktopCoreOptions, openDesktopCore } from './desktop-core.ts'
import { startLocalTerminal } from './exec/local-terminal.ts'
import { makeInstaller } from './make-installer.ts'
import { readVersion } from './versions.ts'

export interface Desktop {
  readonly core: DesktopCore
  /** The bridge's answers, for a shell to serve. */
  readonly answers: Answers
  close(): Promise<void>
}

export interface DesktopOptions extends DesktopCoreOptions {
  readonly shell: ShellDoor
  /** How the core before this one ended, when that was not on purpose: `status 139`. */
  readonly previousEnd?: string | null
}

/** The desktop as a shell presents it: the core, and the bridge's topics over it. */
export async function openDesktop(options: DesktopOptions): Promise<Desktop> {
  const core = await openDesktopCore(options)
  const { servers, apps, deploys, changes, settings, keys, systemSsh, lastFolders } = core
  const uploads = await Uploads.open(paths.uploads(core.config))
  const installer = makeInstaller(core)
  const folders = new Folders({
    sampleDirectory: samplesDirectory(),
    uploadFolder: (id) => uploads.folderOf(id),
    checkout: (id) => core.gitCheckouts.find(id),
  })
  const { 'terminals.open': openTerminal, ...terminalCalls } = answerTerminals(servers)
  const { 'servers.install': install, ...serverCalls } = answerServers(servers, installer)
  const {
    'deploys.output': output,
    'uploads.receive': receive,
    ...deployCalls
  } = answerDeploys({ deploys, folders, uploads, lastFolders, watched: core.watchedFolders })
  const environment = inheritedEnvironment()
  const nameOf = (serverId: string) => servers.get(serverId).name
  const shells = new LocalShells({
    ...{ setup: core.client, start: startLocalTerminal, nameOf, program: readUserShell(), environment },
    folderOf: async (serverId, app) => (app === null ? null : await lastFolders.of(serverId, app)) ?? homedir(),
  })
  const { 'shells.open': openShell, ...clientCalls } = answerClient({ ...core, nameOf, environment }, shells)
  const { 'shell.events': shellEvents, ...shellCalls } = answerShell(options.shell)
  const about = {
    ...{ version: readVersion(core.config), shell: options.shell, keys, settings, changes, systemSsh },
    publicKey: core.desktopKey.publicKey,
    previousEnd: options.previousEnd ?? null,
    ssh: () => core.sshChoices(),
  }
  return {
    core,
    answers: {
      calls: {
        ...serverCalls,
        ...answerApps(servers, apps),
        ...answerLogHistory(servers),
        ...answerMetrics(servers),
        ...answerAppSettings(servers),
        ...answerDomains(servers),
        ...answerAccess(servers),
        ...answerTrust(core.trust, (serverId) => servers.agent(serverId)),
        ...answerReleases(core),
        ...deployCalls,
        ...answerDesktop(about),
        ...answerSettingsTransfer(core),
        ...answerDiagnostics(core.collectDiagnostics),
        ...terminalCalls,
        ...clientCalls,
        ...shellCalls,
      },
      streams: {
        'servers.install': install,
        'deploys.output': output,
        'uploads.receive': receive,
        'terminals.open': openTerminal,
        'shells.open': openShell,
        'shell.events': shellEvents,
        ...answerChanges(changes),
        ...answerLogs(servers),
      },
    },
    async close() {
      shells.close()
      await core.close()
      await uploads.close()
    },
  }
}
