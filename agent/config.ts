import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { HearthError } from './contract/errors.ts'

/** Where one agent keeps its things and how it runs dynos. The only place that reads the environment. */
export interface AgentConfig {
  /** The server's name on the screen. */
  readonly name: string
  readonly runner: 'systemd' | 'process'
  /** What must survive: state.db, slugs, layers, stacks, caches, logs. */
  readonly stateDirectory: string
  /** What may go at a reboot: sockets, dynos. */
  readonly runDirectory: string
  /** Server keys; 0700, apart from the state so that a backup of one is not a backup of both. */
  readonly keyDirectory: string
  /** Where the router takes HTTP on this machine. */
  readonly routerPort: number
  /** The npm registry that Node runtimes and package managers come from. */
  readonly registryUrl: string
}

const defaults = {
  systemd: { state: '/var/lib/hearth', run: '/run/hearth', keys: '/etc/hearth', port: '80' },
  process: embeddedDirectories(),
}

export function readConfig(parameters: readonly string[]): AgentConfig {
  const { values } = parse(parameters)
  const runner = values.runner ?? 'systemd'
  if (runner !== 'systemd' && runner !== 'process') {
    throw new HearthError('bad_request', `--runner is systemd or process, not ${runner}.`)
  }
  const base = defaults[runner]
  const routerPort = Number(values['router-port'] ?? base.port)
  if (!Number.isInteger(routerPort) || routerPort < 1 || routerPort > 65_535) {
    throw new HearthError('bad_request', `--router-port must be a port number, not ${values['router-port']}.`)
  }
  return {
    name: values.name ?? hostname(),
    runner,
    stateDirectory: values.state ?? base.state,
    runDirectory: values.run ?? base.run,
    keyDirectory: values.keys ?? base.keys,
    routerPort,
    registryUrl: values.registry ?? process.env.npm_config_registry ?? 'https://registry.npmjs.org/',
  }
}

function parse(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      options: {
        name: { type: 'string' },
        runner: { type: 'string' },
        state: { type: 'string' },
        run: { type: 'string' },
        keys: { type: 'string' },
        'router-port': { type: 'string' },
        registry: { type: 'string' },
      },
    })
  } catch (error) {
    throw new HearthError('bad_request', `${(error as Error).message} Run "hearth-agent help" for the options.`)
  }
}

function embeddedDirectories() {
  const base = join(homedir(), '.local', 'share', 'hearth', 'this-computer')
  return { state: join(base, 'state'), run: join(base, 'run'), keys: join(base, 'keys'), port: '8750' }
}

export const paths = {
  database: (config: AgentConfig) => join(config.stateDirectory, 'state.db'),
  logs: (config: AgentConfig) => join(config.stateDirectory, 'logs'),
  routes: (config: AgentConfig) => join(config.stateDirectory, 'routes.json'),
  agentSocket: (config: AgentConfig) => join(config.runDirectory, 'agent.sock'),
  routerControlSocket: (config: AgentConfig) => join(config.runDirectory, 'router.sock'),
  routerHttpSocket: (config: AgentConfig) => join(config.runDirectory, 'router-http.sock'),
} as const
