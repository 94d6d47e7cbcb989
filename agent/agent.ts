import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { openKeys } from './access/keys.ts'
import { openLoginKeys } from './access/login-keys.ts'
import { readToken, serverOwner } from './access/token.ts'
import { openApi } from './api/server.ts'
import { openCertification } from './certificates/certification.ts'
import { type AgentConfig, paths } from './config.ts'
import type { Caller } from './core/ports/access/actor.ts'
import type { MachineFacts } from './core/ports/machine.ts'
import { doorOf } from './door.ts'
import { openDrains } from './drains/drains.ts'
import type { Journal } from './journal.ts'
import { openLogStore } from './logs/file-log-store.ts'
import { openMachine, readOperatingSystem } from './machine/machine.ts'
import { openNameSystem } from './names/name-system.ts'
import { openPlatform, type Platform } from './operations/platform.ts'
import { systemClock } from './operations/runtime/system-clock.ts'
import { parseSettings } from './operations/settings.ts'
import { openPageKeeper } from './pages/page-keeper.ts'
import { openProcessRuntime } from './process-runtime.ts'
import { openRouterControl } from './router/control/control-client.ts'
import type { Runtime } from './runtime.ts'
import { openMetricsStore } from './sqlite/metrics.ts'
import { openStore } from './sqlite/store.ts'
import { openStandIn } from './stand-in/stand-in.ts'
import { readVersion } from './version.ts'
import { openHttpWebhooks } from './webhooks/http-webhooks.ts'

/** The run directory lets in the group that SSH keys log in as; nobody else gets as far as the socket. */
const socketMode = 0o660

export interface RunningAgent {
  close(): Promise<void>
}

/**
 * Puts the agent together and opens it: keys, state, logs, what runs dynos and builds, the router's control, and last
 * the API, so that whoever connects finds everything there. `close` goes the other way and leaves dynos running.
 */
export async function openAgent(config: AgentConfig, journal: Journal): Promise<RunningAgent> {
  await using stack = new AsyncDisposableStack()
  await makeDirectories(config)
  const keys = await openKeys(config.keyDirectory)
  const store = stack.adopt(openStore(paths.database(config), keys.configKey), (opened) => opened.close())
  const metrics = stack.adopt(
    openMetricsStore(paths.metrics(config), (problem, cause) => journal.error(problem, cause)),
    (opened) => opened.close(),
  )
  const logs = stack.adopt(openLogs(config, journal), (opened) => opened.close())
  const runtime = stack.adopt(await openRuntime(config, journal), (opened) => opened.close())
  const machine = openMachine(await describeMachine(config, runtime, keys.signer.publicKey), config.stateDirectory)
  const router = stack.adopt(openRouterControl({ controlPath: paths.routerControlSocket(config) }), (opened) =>
    opened.close(),
  )
  const names = stack.adopt(
    openNameSystem({
      known: config.addresses,
      choice: config.names,
      report: (problem, cause) => journal.error(problem, cause),
    }),
    (opened) => opened.close(),
  )
  const platform = await openPlatform({
    store,
    metrics,
    logs,
    router,
    machine,
    drains: openDrains({ allowsOwnAddresses: config.runner === 'process' }),
    sendToWebhook: openHttpWebhooks({ allowsOwnAddresses: config.runner === 'process' }),
    pages: openPageKeeper({ folder: paths.pages(config), allowsOwnAddresses: config.runner === 'process' }),
    certification: openCertification({ acme: config.acme, keyDirectory: config.keyDirectory, serverName: config.name }),
    names,
    runner: runtime.runner,
    builder: runtime.builder,
    slugs: runtime.slugs,
    sources: runtime.sources,
    git: runtime.git,
    routerKeeper: runtime.routerKeeper,
    containers: runtime.containers,
    operatorLog: runtime.operatorLog,
    signer: keys.signer,
    sealKey: keys.sealKey,
    loginKeys: config.runner === 'systemd' ? openLoginKeys(paths.authorizedKeys(config), doorOf(config)) : null,
    clock: systemClock,
    report: (problem, cause) => journal.error(problem, cause),
    chance: Math.random,
    settings: {
      ...(config.requestsPerSecond !== undefined && { requestsPerSecond: config.requestsPerSecond }),
      ...parseSettings(config.settings),
    },
  })
  stack.defer(() => platform.close())
  const api = await openApi({
    platform,
    socketPath: paths.agentSocket(config),
    socketMode,
    authenticate: openAuthentication(config, keys.mintKey, platform),
    logError: (message, error) => journal.error(message, error),
  })
  stack.defer(() => api.close())
  if (config.runner === 'systemd') stack.adopt(startStandIn(config, journal), (opened) => opened.close())
  journal.note(`The agent ${machine.facts.version} serves ${paths.agentSocket(config)}`)
  const opened = stack.move()
  return { close: () => opened.disposeAsync() }
}

function startStandIn(config: AgentConfig, journal: Journal) {
  const order = { socketPath: paths.agentSocket(config), socketMode, folder: config.stateDirectory }
  return openStandIn(process.argv[1] ?? '', order, (problem, cause) => journal.error(problem, cause))
}

/**
 * On a server a token is worth as much as its key, except root's own. The embedded server has no SSH keys: its socket is
 * its user's.
 */
function openAuthentication(config: AgentConfig, mintKey: Uint8Array, platform: Platform) {
  return (token: string): Caller | null => {
    const owner = readToken(mintKey, token, Date.now())
    if (owner === null) return null
    const isTrusted = config.runner === 'process' || owner.id === serverOwner.id
    return isTrusted ? { ...owner, keyId: null } : platform.identify(owner.id)
  }
}

async function makeDirectories(config: AgentConfig): Promise<void> {
  await mkdir(config.stateDirectory, { recursive: true, mode: 0o711 })
  await mkdir(config.runDirectory, { recursive: true, mode: config.runner === 'systemd' ? 0o750 : 0o700 })
}

function openLogs(config: AgentConfig, journal: Journal) {
  return openLogStore({
    folder: paths.logs(config),
    onWriteError: (error) => journal.error('Log lines could not be written to the disk', error),
  })
}

/** Each loads only its own technology: the embedded agent has no D-Bus. */
async function openRuntime(config: AgentConfig, journal: Journal): Promise<Runtime> {
  if (config.runner === 'process') return openProcessRuntime(config, journal)
  const { openSystemdRuntime } = await import('./systemd-runtime.ts')
  return openSystemdRuntime(config, journal)
}

async function describeMachine(config: AgentConfig, runtime: Runtime, publicKey: string): Promise<MachineFacts> {
  const { name } = await readOperatingSystem()
  const isServer = config.runner === 'systemd'
  return {
    id: idOf(publicKey),
    name: config.name,
    ...readProgram(),
    operatingSystem: name,
    architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
    runner: config.runner,
    stacks: [describeStack(runtime.stacks[0]), ...runtime.stacks.slice(1).map(describeStack)],
    startedAt: new Date().toISOString(),
    router: {
      host: isServer ? config.name : 'localhost',
      get port() {
        return runtime.routerPort()
      },
      socket: paths.routerHttpSocket(config),
    },
  }
}

const describeStack = (name: string) => ({ id: idOf(`stack ${name}`), name })

function readProgram() {
  const { version, digest } = readVersion()
  return { version, digest }
}

/** The same text gives the same UUID (version 8: made by a rule of our own). A server is its signing key. */
function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
