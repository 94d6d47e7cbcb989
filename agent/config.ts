import { isIP } from 'node:net'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseBuildLimits } from './builds/build-limits.ts'
import { type AcmeSettings, parseAcmeSettings } from './certificates/acme-settings.ts'
import { HearthError } from './contract/errors.ts'
import { defaultRegistryUrl } from './core/builds/default-registry.ts'
import { isImageReference } from './core/builds/image-reference.ts'
import type { DefaultNames } from './core/domains/default-names.ts'
import type { SandboxLimits } from './core/ports/builds/sandbox.ts'
import { type Mirror, parseMirrors } from './stack/mirrors.ts'
import { parseStackArchives, type StackArchive } from './stack/stack-offers.ts'

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
  /** The router's sockets; its own folder, because it runs as a user of its own on a server. */
  readonly routerDirectory: string
  /** Where the router takes HTTP on this machine; that of the embedded server, or one of the next if somebody else has it. */
  readonly routerPort: number
  /** Where it takes https; undefined: nowhere, as on the embedded server unless it is told. */
  readonly routerTlsPort?: number
  /** `HEARTH_PROXIES` and `HEARTH_PROXY_PROTOCOL`, of the router: who stands before it, and how they say for whom. */
  readonly proxies: { readonly trusted: readonly string[]; readonly protocol: boolean }
  /** How many processes the router has; without it one, and more while they are busy, up to one a core. */
  readonly routerWorkers?: number
  /** The npm registry that Node runtimes and package managers come from. */
  readonly registryUrl: string
  /** `HEARTH_REQUESTS_PER_SECOND`: what one key may ask of the API on average. Undefined: the platform's own limit. */
  readonly requestsPerSecond: number | undefined
  /** `HEARTH_SETTINGS`: times and bounds of the platform that are to be others than its own, as `name=number`. */
  readonly settings: string
  /** `HEARTH_ACME`: the authority that certificates come from, and how it is proved whose the domains are. */
  readonly acme: AcmeSettings
  /** `HEARTH_ADDRESSES`: where visitors reach this server, if not at its own addresses. */
  readonly addresses: readonly string[]
  /** `HEARTH_NAMES`: which names apps have by themselves; null leaves it to the server. */
  readonly names: DefaultNames | null
  /** What builds may reach on the local network besides that registry: a mirror, a git server. */
  readonly buildDestinations: readonly { readonly host: string; readonly port: number }[]
  /** `HEARTH_BUILD_LIMITS`: what one build may take, where that is to be other than by default. */
  readonly buildLimits: Partial<SandboxLimits>
  /** `HEARTH_MIRRORS`: where archives of runtimes come from instead of their upstream. */
  readonly mirrors: readonly Mirror[]
  /** `HEARTH_BUILDER`: the image of the builder that apps on the stack `cnb` have when they name none. */
  readonly defaultBuilder: string
  /** `HEARTH_STACKS`: archives of stacks that the server's own package sources do not have, by the stack's name. */
  readonly stackArchives: ReadonlyMap<string, StackArchive>
}

interface Defaults {
  readonly state: string
  readonly run: string
  readonly keys: string
  readonly router: string
  readonly port: number
  readonly tlsPort?: string
}

const defaults: Record<AgentConfig['runner'], Defaults> = {
  systemd: {
    state: '/var/lib/hearth',
    run: '/run/hearth',
    keys: '/etc/hearth',
    router: '/run/hearth-router',
    port: 80,
    tlsPort: '443',
  },
  process: embeddedDefaults(),
}

export function readConfig(parameters: readonly string[]): AgentConfig {
  const { values } = parse(parameters)
  const runner = values.runner ?? 'systemd'
  if (runner !== 'systemd' && runner !== 'process') {
    throw new HearthError('bad_request', `--runner is systemd or process, not ${runner}.`)
  }
  const base = defaults[runner]
  return {
    name: values.name ?? hostname(),
    runner,
    stateDirectory: values.state ?? base.state,
    runDirectory: values.run ?? base.run,
    keyDirectory: values.keys ?? base.keys,
    routerDirectory: values['router-directory'] ?? (values.run ? join(values.run, 'router') : base.router),
    routerPort: parsePort('router-port', values['router-port'] ?? String(base.port)),
    ...parseTlsPort(values['router-tls-port'] ?? base.tlsPort),
    ...(values['router-workers'] !== undefined && { routerWorkers: parseWorkers(values['router-workers']) }),
    registryUrl: values.registry ?? process.env.npm_config_registry ?? defaultRegistryUrl,
    requestsPerSecond: parseRequests(process.env.HEARTH_REQUESTS_PER_SECOND),
    settings: process.env.HEARTH_SETTINGS ?? '',
    addresses: parseAddresses(process.env.HEARTH_ADDRESSES ?? ''),
    proxies: parseProxies(process.env.HEARTH_PROXIES ?? '', process.env.HEARTH_PROXY_PROTOCOL),
    names: parseNames(process.env.HEARTH_NAMES),
    acme: parseAcmeSettings(process.env.HEARTH_ACME ?? ''),
    buildDestinations: parseDestinations(process.env.HEARTH_BUILD_ALLOW ?? ''),
    buildLimits: parseBuildLimits(process.env.HEARTH_BUILD_LIMITS ?? ''),
    mirrors: parseMirrors(process.env.HEARTH_MIRRORS ?? ''),
    defaultBuilder: parseBuilder(process.env.HEARTH_BUILDER),
    stackArchives: parseStackArchives(process.env.HEARTH_STACKS ?? ''),
  }
}

function parsePort(flag: string, text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new HearthError('bad_request', `--${flag} must be a port number, not ${text}.`)
}

const parseTlsPort = (text: string | undefined): { routerTlsPort?: number } =>
  text === undefined ? {} : { routerTlsPort: parsePort('router-tls-port', text) }

function parseAddresses(text: string): string[] {
  const addresses = text.split(/[\s,]+/).filter(Boolean)
  const wrong = addresses.find((address) => isIP(address) === 0)
  if (wrong === undefined) return addresses
  throw new HearthError('bad_request', `HEARTH_ADDRESSES has IP addresses, not ${wrong}.`)
}

function parseProxies(text: string, protocol: string | undefined): AgentConfig['proxies'] {
  const trusted = text.split(/[\s,]+/).filter(Boolean)
  const wrong = trusted.find((place) => {
    const [address = '', length] = place.split('/')
    const bits = isIP(address) === 6 ? 128 : 32
    return isIP(address) === 0 || (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= bits))
  })
  if (wrong !== undefined)
    throw new HearthError('bad_request', `HEARTH_PROXIES has addresses and networks, not ${wrong}.`)
  if (protocol !== undefined && protocol !== 'on' && protocol !== 'off') {
    throw new HearthError('bad_request', `HEARTH_PROXY_PROTOCOL is on or off, not ${protocol}.`)
  }
  return { trusted, protocol: protocol === 'on' }
}

/** `off`, or one or both of `local` and a domain: `local sslip.io`. */
function parseNames(text: string | undefined): DefaultNames | null {
  const words = (text ?? '').split(/[\s,]+/).filter(Boolean)
  if (words.length === 0) return null
  const domains = words.filter((word) => word !== 'local' && word !== 'off')
  const wrong = domains.find((word) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(word))
  if (wrong === undefined && domains.length <= 1)
    return { local: words.includes('local'), addressDomain: domains[0] ?? null }
  throw new HearthError('bad_request', `HEARTH_NAMES is off, or local and a domain such as sslip.io, not ${text}.`)
}

function parseRequests(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const requests = Number(text)
  if (Number.isInteger(requests) && requests > 0) return requests
  throw new HearthError('bad_request', `HEARTH_REQUESTS_PER_SECOND is a whole number above 0, not ${text}.`)
}

function parseWorkers(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text)
  throw new HearthError('bad_request', `--router-workers must be a number from 1 to 99, not ${text}.`)
}

/** Without one it is that of Heroku's own apps. https://devcenter.heroku.com/articles/buildpacks */
function parseBuilder(text = 'heroku/builder:24'): string {
  if (isImageReference(text)) return text
  throw new HearthError('bad_request', `HEARTH_BUILDER is the name of an image, as heroku/builder:24 is, not ${text}.`)
}

/** `HEARTH_BUILD_ALLOW`: `git.example.lan:443 10.1.2.3:4873 [fd00::5]:443` */
export function parseDestinations(text: string): { host: string; port: number }[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((place) => {
      const [, host, port] = /^(\[[\da-fA-F:.]+\]|[a-zA-Z0-9.-]+):(\d{1,5})$/.exec(place) ?? []
      if (host === undefined || Number(port) < 1 || Number(port) > 65_535)
        throw new HearthError('bad_request', `HEARTH_BUILD_ALLOW has places as host:port, not ${place}.`)
      return { host, port: Number(port) }
    })
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
        'router-directory': { type: 'string' },
        'router-port': { type: 'string' },
        'router-tls-port': { type: 'string' },
        'router-workers': { type: 'string' },
        registry: { type: 'string' },
      },
    })
  } catch (error) {
    throw new HearthError('bad_request', `${(error as Error).message} Run "hearth-agent help" for the options.`)
  }
}

function embeddedDefaults(): Defaults {
  const base = join(homedir(), '.local', 'share', 'hearth', 'this-computer')
  const at = (name: string) => join(base, name)
  return { state: at('state'), run: at('run'), keys: at('keys'), router: at('run/router'), port: 8750 }
}

/** What an SSH client asked for, as sshd hands it to a forced command. */
export function readOriginalCommand(): string {
  return process.env.SSH_ORIGINAL_COMMAND ?? ''
}

/** Which of its protocols a client's git would speak, where sshd lets that variable through (AcceptEnv). */
export function readGitProtocol(): string {
  return process.env.GIT_PROTOCOL ?? ''
}

/** The agent's own environment, for children that need the machine's settings (proxies, certificates). */
export function readEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

const buildVariables = new RegExp(
  `^(${[
    'NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_(FILE|DIR)|GIT_SSL_CAINFO|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|PIP_CERT',
    '(https?|no)_proxy|(HTTPS?|NO)_PROXY',
    // Where each language's packages come from. None may hold a password: every build reads them.
    'npm_config_registry|PIP_(INDEX_URL|EXTRA_INDEX_URL|DEFAULT_TIMEOUT)|UV_(DEFAULT_INDEX|INDEX|INDEX_URL)',
    'GOPROXY|GOSUMDB|GONOSUMDB|BUNDLE_MIRROR__\\w+|COMPOSER_REPO_PACKAGIST|MAVEN_MIRROR_URL|CLOJARS_MIRROR_URL',
  ].join('|')})$`,
)

/** What builds need to reach the network as the agent does: certificates, proxies, package indexes. */
export function readBuildEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(readEnvironment()).filter(([name]) => buildVariables.test(name)))
}

export const paths = {
  /** Of the user that SSH keys log in as. */
  authorizedKeys: (_: AgentConfig) => '/home/hearth/.ssh/authorized_keys',
  database: (config: AgentConfig) => join(config.stateDirectory, 'state.db'),
  /** Figures over time: nothing is lost with it that anything depends on. */
  metrics: (config: AgentConfig) => join(config.stateDirectory, 'metrics.db'),
  logs: (config: AgentConfig) => join(config.stateDirectory, 'logs'),
  pages: (config: AgentConfig) => join(config.stateDirectory, 'pages'),
  repositories: (config: AgentConfig) => join(config.stateDirectory, 'repositories'),
  /** Settings and hooks of all repositories. */
  gitSetup: (config: AgentConfig) => join(config.stateDirectory, 'git'),
  /** Pipes of pushes, and the root that git's units are put together on. */
  gitRun: (config: AgentConfig) => join(config.runDirectory, 'git'),
  agentSocket: (config: AgentConfig) => join(config.runDirectory, 'agent.sock'),
  /** Of the router's further processes, which only the first one speaks to. */
  routerWorkerSocket: (config: AgentConfig, number: number) => join(config.routerDirectory, `worker-${number}.sock`),
  routerControlSocket: (config: AgentConfig) => join(config.routerDirectory, 'control.sock'),
  /** Which port the embedded router has. */
  routerPort: (config: AgentConfig) => join(config.stateDirectory, 'router-port'),
  routerHttpSocket: (config: AgentConfig) => join(config.routerDirectory, 'http.sock'),
  /** The last routing table, by which the router starts when the agent is away. */
  routes: (config: AgentConfig) => join(config.routerDirectory, 'routes.json'),
} as const
