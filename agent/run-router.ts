import { closeSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { type AgentConfig, paths, readConfig, readEnvironment } from './config.ts'
import type { Journal } from './journal.ts'
import {
  firstInheritedFd,
  type InheritedListener,
  inheritedListeners,
  type Listening,
  type ListenTarget,
} from './router/listen.ts'
import { openRouter } from './router/router.ts'
import type { WorkerProcess } from './router/workers/workers.ts'
import { readVersion } from './version.ts'

/**
 * `router`: serves HTTP by the agent's table, and by the last one when the agent is away. On a busy machine it starts itself again
 * (`--worker 2 --inherits http,https`) for each further core, as long as there is work for it.
 */
export async function runRouter(parameters: string[], journal: Journal): Promise<{ close(): Promise<void> }> {
  const { own, rest } = takeOwnFlags(parameters)
  const config = readConfig(rest)
  await mkdir(config.routerDirectory, { recursive: true, mode: config.runner === 'systemd' ? 0o755 : 0o700 })
  const { version, digest } = readVersion()
  const said = { version, digest, onWarning: (message: string) => journal.note(message) }
  const router = await openRouter(
    own.worker === undefined
      ? { ...said, ...firstOptions(config, rest, own) }
      : { ...said, ...workerOptions(config, own) },
  )
  if (own.choosesPort) tellPort(router.addresses())
  // An agent that was killed takes its embedded router along, and a first process its workers: the pipe to it closes.
  if (own.withParent) process.stdin.resume().on('end', () => void router.close().finally(() => process.exit(0)))
  return router
}

interface OwnFlags {
  readonly withParent: boolean
  /** Takes another port where somebody else has the one it was given, and says on descriptor 3 which. */
  readonly choosesPort: boolean
  /** The number of a process that another one started. */
  readonly worker?: number
  /** What is spoken on the listeners that it inherits. */
  readonly inherits: readonly string[]
}

function takeOwnFlags(parameters: readonly string[]): { own: OwnFlags; rest: string[] } {
  const rest = [...parameters]
  const take = (flag: string, count: number): string[] | undefined => {
    const at = rest.indexOf(flag)
    return at < 0 ? undefined : rest.splice(at, 1 + count).slice(1)
  }
  const worker = take('--worker', 1)?.[0]
  const own = {
    withParent: take('--with-parent', 0) !== undefined,
    choosesPort: take('--choose-port', 0) !== undefined,
    ...(worker !== undefined && { worker: Number(worker) }),
    inherits: take('--inherits', 1)?.[0]?.split(',') ?? [],
  }
  return { own, rest }
}

/** `8750` and a line end. */
function tellPort(places: readonly Listening[]): void {
  const place = places.find((one) => 'port' in one)
  writeSync(firstInheritedFd, `${place?.port}\n`)
  closeSync(firstInheritedFd)
}

function firstOptions(config: AgentConfig, parameters: readonly string[], { choosesPort }: OwnFlags) {
  const inherited = inheritedListeners(readEnvironment(), process.pid)
  // Only listeners that were opened for us can be shared. The embedded router of one person needs no second process.
  const max = inherited.length > 0 ? (config.routerWorkers ?? availableParallelism()) : 1
  const workers = {
    min: inherited.length > 0 ? (config.routerWorkers ?? 1) : 1,
    max,
    start: (number: number) => startWorker(config, [...parameters], { number, listeners: inherited }),
  }
  return {
    // Its own socket first: as long as a router of before has that, its port is not free either, and another would be taken.
    listen: [{ path: paths.routerHttpSocket(config), mode: 0o660 }, ...listeners(config, inherited, choosesPort)],
    proxies: config.proxies,
    controlPath: paths.routerControlSocket(config),
    tablePath: paths.routes(config),
    ...(max > 1 && { workers }),
  }
}

function workerOptions(config: AgentConfig, { inherits, worker = 0 }: OwnFlags) {
  return {
    listen: inherits.map((name, index) => ({ fd: firstInheritedFd + index, tls: name === 'https' })),
    proxies: config.proxies,
    controlPath: paths.routerWorkerSocket(config, worker),
    tablePath: null,
  }
}

async function startWorker(
  config: AgentConfig,
  parameters: string[],
  { number, listeners }: { number: number; listeners: readonly InheritedListener[] },
): Promise<WorkerProcess> {
  // Most routers never start another process.
  const { startCommand } = await import('./exec/command.ts')
  const inherits = listeners.map(({ tls }) => (tls ? 'https' : 'http')).join(',')
  const own = ['--with-parent', '--worker', String(number), '--inherits', inherits]
  const command = [...process.execArgv, process.argv[1] ?? '', 'router', ...parameters, ...own]
  const stdio = ['pipe', 'inherit', 'inherit', ...listeners.map(({ fd }) => fd)] as const
  const running = await startCommand([process.execPath, ...command], { environment: readEnvironment(), stdio })
  return {
    controlPath: paths.routerWorkerSocket(config, number),
    exit: running.exit,
    stop: () => running.kill('SIGTERM'),
  }
}

/** systemd holds the server's ports open over restarts and hands it over; the embedded router opens its own. */
function listeners(config: AgentConfig, inherited: readonly InheritedListener[], orNext: boolean): ListenTarget[] {
  if (inherited.length > 0) return [...inherited]
  const host = config.runner === 'systemd' ? '::' : '127.0.0.1'
  const { routerPort: port, routerTlsPort } = config
  return [{ host, port, orNext }, ...(routerTlsPort === undefined ? [] : [{ host, port: routerTlsPort, tls: true }])]
}
