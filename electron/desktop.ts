import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answers } from './bridge/answers.ts'
import { answerAppSettings } from './bridge/topics/app-settings.ts'
import { answerApps } from './bridge/topics/apps.ts'
import { answerDeploys } from './bridge/topics/deploys.ts'
import { answerDesktop, type ShellDoor } from './bridge/topics/desktop.ts'
import { answerReleases } from './bridge/topics/releases.ts'
import { answerServers } from './bridge/topics/servers.ts'
import { answerChanges, answerLogs, answerTerminals } from './bridge/topics/streams.ts'
import { paths } from './config.ts'
import { Folders } from './core/deploy/folders.ts'
import { Uploads } from './core/deploy/uploads.ts'
import { type DesktopCore, type DesktopCoreOptions, openDesktopCore } from './desktop-core.ts'
import { makeInstaller } from './make-installer.ts'

export interface Desktop {
  readonly core: DesktopCore
  /** The bridge's answers, for a shell to serve. */
  readonly answers: Answers
  close(): Promise<void>
}

/** The desktop as a shell presents it: the core, and the bridge's topics over it. */
export async function openDesktop(options: DesktopCoreOptions & { readonly shell: ShellDoor }): Promise<Desktop> {
  const core = await openDesktopCore(options)
  const { servers, apps, deploys, changes, ledger, history, settings, keys, systemSsh } = core
  const uploads = await Uploads.open(paths.uploads(core.config))
  const installer = makeInstaller(core)
  const folders = new Folders({
    sampleDirectory: join(import.meta.dirname, 'samples'),
    uploadFolder: (id) => uploads.folderOf(id),
  })
  const { 'terminals.open': openTerminal, ...terminalCalls } = answerTerminals(servers)
  const { 'servers.install': install, ...serverCalls } = answerServers(servers, installer)
  const {
    'deploys.output': output,
    'uploads.receive': receive,
    ...deployCalls
  } = answerDeploys(deploys, folders, uploads)
  const about = {
    ...{ version: readVersion(), shell: options.shell, keys, settings, changes, systemSsh },
    ssh: () => core.sshChoices(),
  }
  return {
    core,
    answers: {
      calls: {
        ...serverCalls,
        ...answerApps(servers, apps),
        ...answerAppSettings(servers),
        ...answerReleases(servers, history, ledger),
        ...deployCalls,
        ...answerDesktop(about),
        ...terminalCalls,
      },
      streams: {
        'servers.install': install,
        'deploys.output': output,
        'uploads.receive': receive,
        'terminals.open': openTerminal,
        ...answerChanges(changes),
        ...answerLogs(servers),
      },
    },
    async close() {
      await core.close()
      await uploads.close()
    },
  }
}

/** What the build wrote; from source it is package.json's. */
function readVersion(): string {
  const beside = join(import.meta.dirname, '..', 'agent', 'version.json')
  const file = existsSync(beside) ? beside : join(import.meta.dirname, '..', 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
