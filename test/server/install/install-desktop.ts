// A desktop's installer as a test needs it: the product's own classes, with a key and a folder of their own.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openAgent } from '../../../electron/agent-client/open-agent.ts'
import { openDoor } from '../../../electron/agent-client/open-door.ts'
import { serverNode } from '../../../electron/config.ts'
import type { InstallEvent } from '../../../electron/core/install/event.ts'
import { Installer, type Login } from '../../../electron/core/install/installer.ts'
import type { LinkedAgent } from '../../../electron/core/ports/link.ts'
import type { HostKey, SshAuthentication, Transport, TransportKind } from '../../../electron/core/ports/transport.ts'
import type { ServerEntry } from '../../../electron/core/servers/server-file.ts'
import { linkSsh } from '../../../electron/core/servers/ssh-link.ts'
import { openDesktopKey } from '../../../electron/ssh/desktop-key.ts'
import { Ssh2Connector } from '../../../electron/ssh/ssh2-connector.ts'
import { SystemConnector } from '../../../electron/ssh/system-connector.ts'
import type { Server } from '../../servers/index.ts'

const root = path.join(import.meta.dirname, '../../..')

export interface TestDesktop {
  readonly installer: Installer
  readonly login: Login
  /** Installs and collects what was told; throws as the product does. */
  install(login?: Partial<Login>): Promise<InstallEvent[]>
  connect(): Promise<LinkedAgent>
  /** As the installer does, and nothing more. */
  logIn(authentication: SshAuthentication): Promise<Transport>
  /** What this desktop keeps that holds a text. */
  filesWith(text: string): string[]
  [Symbol.asyncDispose](): Promise<void>
}

export function buildAgent(): string {
  const node = path.join(root, 'node_modules/.bin/node')
  execFileSync(node, ['esbuild.config.ts', '--agent', '--if-stale'], { cwd: root, stdio: 'pipe' })
  return path.join(root, 'dist/agent')
}

export async function openTestDesktop(
  server: Server,
  {
    user = 'root',
    agentFolder = buildAgent(),
    transport = 'ssh2',
  }: { user?: string; agentFolder?: string; transport?: TransportKind } = {},
): Promise<TestDesktop> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-desktop-'))
  const connectors = { ssh2: new Ssh2Connector({ agentSocket: null }), system: new SystemConnector() }
  const desktopKey = await openDesktopKey(path.join(folder, 'id_ed25519'))
  const hostKeys: HostKey[] = [await connectors[transport].readHostKey(server)]
  const { name, host, port } = server
  const entry: ServerEntry = { id: 'test', name, host, port, user, transport, hostKeys, login: null }
  const link = ({ host, port }: ServerEntry) =>
    linkSsh({
      connector: () => connectors[transport],
      openAgent,
      openDoor,
      target: () => ({ host, port, hostKeys, user: 'hearth', authentication: { kind: 'key', path: desktopKey.path } }),
    })
  const installer = new Installer({
    connectors,
    entryOf: () => entry,
    places: { agentFolder, nodeFor: serverNode },
    publicKey: desktopKey.publicKey,
    onInstalled: async () => {},
    environment: { npm_config_registry: readRegistry() },
    connectAgent: (of, signal) => link(of).connect(signal),
  })
  const login: Login = { serverId: 'test', authentication: { kind: 'key', path: server.key }, sudoPassword: undefined }
  return {
    installer,
    login,
    async install(other = {}) {
      const events: InstallEvent[] = []
      const signal = new AbortController().signal
      for await (const event of installer.install({ ...login, ...other, signal })) events.push(event)
      return events
    },
    connect: () => link(entry).connect(new AbortController().signal),
    logIn: (authentication) => connectors[transport].connect({ host, port, user, hostKeys, authentication }),
    filesWith: (text) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => path.join(folder, name))
        .filter((file) => statSync(file).isFile() && readFileSync(file).includes(text)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

function readRegistry(): string {
  return execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()
}

/** The bundle that is installed, as its folder's name. */
export function versionOf(agentFolder: string): string {
  const { version, digest } = JSON.parse(readFileSync(path.join(agentFolder, 'version.json'), 'utf8'))
  return `${version}-${digest.slice(0, 12)}`
}
