import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HearthError } from '../agent/contract/errors.ts'

/** Where this desktop keeps its things. The only place that reads the environment. */
export interface DesktopConfig {
  /** Everything that must survive, 0700. */
  readonly directory: string
  /** The Node that runs the embedded server's agent. */
  readonly nodeProgram: string
  /** The bundle that the embedded server runs. */
  readonly agentBundle: string
  /** The user's ssh-agent; null when there is none. */
  readonly sshAgentSocket: string | null
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where a packaged Hearth has what other programs read or run: they can't look into app.asar, in which its own code is. Null
 * for a checkout.
 */
export type Resources = string | null

export function readConfig(
  environment: Environment = process.env,
  resources: Resources = packagedResources(),
): DesktopConfig {
  return {
    directory: dataDirectory(environment),
    nodeProgram: nodeProgram(environment, resources),
    agentBundle: resources
      ? join(resources, 'agent', 'agent.mjs')
      : fileURLToPath(new URL(builtAgentPlace(), import.meta.url)),
    sshAgentSocket: environment.SSH_AUTH_SOCK ?? null,
  }
}

/** The folder of the samples that ship with Hearth. */
export function samplesDirectory(resources: Resources = packagedResources()): string {
  return join(resources ?? import.meta.dirname, 'samples')
}

function packagedResources(): Resources {
  if (!/[\\/]app\.asar[\\/]/.test(import.meta.dirname)) return null
  return (process as typeof process & { resourcesPath: string }).resourcesPath
}

/** Where the user stands: npm runs its scripts in the project's folder and tells the first one apart. */
export function readCallerDirectory(environment: Environment = process.env): string {
  return environment.INIT_CWD ?? process.cwd()
}

/** Electron's own variable for a distribution that lies elsewhere. */
export function readElectronDistribution(environment: Environment = process.env): string | null {
  return environment.ELECTRON_OVERRIDE_DIST_PATH ?? null
}

/** For programs that the desktop starts. Electron's own switches would change what a child of ours is. */
export function inheritedEnvironment(environment: Environment = process.env): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(ELECTRON_|NODE_OPTIONS$)/.test(entry[0]),
  )
  return Object.fromEntries(entries)
}

/** What the user types commands into. */
export function readUserShell(environment: Environment = process.env): string {
  if (process.platform === 'win32') return 'powershell.exe'
  return environment.SHELL || '/bin/sh'
}

export const paths = {
  settings: (config: DesktopConfig) => join(config.directory, 'settings.json'),
  servers: (config: DesktopConfig) => join(config.directory, 'servers.json'),
  ledger: (config: DesktopConfig) => join(config.directory, 'ledger.db'),
  gateway: (config: DesktopConfig) => join(config.directory, 'gateway.json'),
  keyFile: (config: DesktopConfig) => join(config.directory, 'ledger.key'),
  passphraseFile: (config: DesktopConfig) => join(config.directory, 'ledger-passphrase.json'),
  desktopKey: (config: DesktopConfig) => join(config.directory, 'ssh', 'id_ed25519'),
  folderHashes: (config: DesktopConfig) => join(config.directory, 'folder-hashes'),
  unfinishedDeploys: (config: DesktopConfig) => join(config.directory, 'unfinished-deploys'),
  watchedFolders: (config: DesktopConfig) => join(config.directory, 'watched-folders.json'),
  desktopLog: (config: DesktopConfig) => join(config.directory, 'desktop.log'),
  lastFolders: (config: DesktopConfig) => join(config.directory, 'last-folders.json'),
  /** What git has checked out to be deployed. */
  checkouts: (config: DesktopConfig) => join(config.directory, 'checkouts'),
  uploads: (config: DesktopConfig) => join(config.directory, 'uploads'),
  /** For programs of this computer that speak to servers through the desktop: the heroku client, git. */
  client: (config: DesktopConfig) => join(config.directory, 'client'),
  apiToken: (config: DesktopConfig) => join(config.directory, 'client', 'token.json'),
  apiPorts: (config: DesktopConfig) => join(config.directory, 'client', 'ports.json'),
  authority: (config: DesktopConfig) => ({
    certificate: join(config.directory, 'client', 'authority.pem'),
    key: join(config.directory, 'client', 'authority.key'),
  }),
  /** Of servers whose authority was asked for: what stores are told to trust. */
  serverAuthority: (config: DesktopConfig, serverId: string) =>
    join(config.directory, 'authorities', `${serverId}.pem`),
  embeddedServer: (config: DesktopConfig) => join(config.directory, 'this-computer'),
} as const

/** HEARTH_HOME, else the place that the platform has for it. */
function dataDirectory(environment: Environment): string {
  const own = environment.HEARTH_HOME
  if (own) {
    if (!isAbsolute(own)) throw new HearthError('bad_request', `HEARTH_HOME must be an absolute path, not "${own}".`)
    return own
  }
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Hearth')
    case 'win32':
      return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Hearth')
    default: {
      // The specification tells to ignore a relative XDG_DATA_HOME.
      const data = environment.XDG_DATA_HOME
      return join(data && isAbsolute(data) ? data : join(homedir(), '.local', 'share'), 'hearth')
    }
  }
}

/**
 * Electron's own program cannot run the agent (its Node mode is fused off): a packaged Hearth brings a Node, and whoever starts
 * Electron on a checkout names one.
 */
function nodeProgram(environment: Environment, resources: Resources): string {
  if (environment.HEARTH_NODE) return environment.HEARTH_NODE
  if (resources === null) return process.execPath
  // On Linux it is the one that is sent to servers.
  if (process.platform === 'linux') return join(resources, 'node', `node-linux-${process.arch}`)
  return join(resources, 'node', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** Bundled, this file is dist/electron/*.js; in tests and tools it is electron/config.ts. */
function builtAgentPlace(): string {
  return import.meta.url.endsWith('.ts') ? '../dist/agent/agent.mjs' : '../agent/agent.mjs'
}

/** The Linux Node that is sent to servers: a path of one's own, what ships with the app, or npm's platform package. */
export function serverNode(
  architecture: 'x64' | 'arm64',
  environment: Environment = process.env,
  resources: Resources = packagedResources(),
): string {
  const own = environment[`HEARTH_SERVER_NODE_${architecture.toUpperCase()}`]
  if (own) return own
  if (resources) return join(resources, 'node', `node-linux-${architecture}`)
  const modules = import.meta.url.endsWith('.ts') ? '../node_modules/' : '../../node_modules/'
  return fileURLToPath(new URL(`${modules}node-linux-${architecture}/bin/node`, import.meta.url))
}

/** What an installed agent finds in its environment: a package registry other than the public one. */
export function serverEnvironment(environment: Environment = process.env): Record<string, string> {
  const registry = environment.HEARTH_SERVER_REGISTRY
  return registry ? { npm_config_registry: registry } : {}
}
