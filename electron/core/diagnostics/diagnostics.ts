import { open } from 'node:fs/promises'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { ServerDiagnostics } from '../../../agent/contract/server/diagnostics.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Agent } from '../ports/agent.ts'
import type { Servers, ServerView } from '../servers/servers.ts'
import type { SettingsStore } from '../settings.ts'
import type { DesktopLog } from './desktop-log.ts'
import { isSecretName, Redactor } from './redact.ts'

/** One file of the bundle, clean of secrets. */
export interface DiagnosticFile {
  readonly name: string
  readonly text: string
}

export interface DiagnosticsOptions {
  readonly servers: Pick<Servers, 'list' | 'agent'>
  readonly ledger: Pick<Ledger, 'list' | 'configVars'>
  readonly settings: Pick<SettingsStore, 'settings'>
  readonly log: Pick<DesktopLog, 'read'>
  /** What "This computer" prints. */
  readonly embeddedLog: string
  /** Versions of this desktop and what it runs on. */
  readonly versions: () => Readonly<Record<string, string>>
  /** Of this process; only its secrets are looked at, to be taken out of the rest. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Others that are known by their value: the token of programs of this computer. */
  readonly secrets: () => readonly string[]
}

/** Before secrets are taken out; what is no text becomes JSON after that. */
interface FoundFile {
  readonly name: string
  readonly content: string | object
}

const answerMs = 20_000
const logTailBytes = 256 * 1024
const ledgerReleases = 200

/** Gathers what helps to find out what is wrong. Nothing leaves this computer: whoever asked looks at it and saves it. */
export async function collectDiagnostics(options: DiagnosticsOptions): Promise<DiagnosticFile[]> {
  const servers = options.servers.list()
  const redactor = new Redactor(await readSecrets(options))
  const files: FoundFile[] = [
    { name: 'README.txt', content: readme },
    { name: 'versions.json', content: options.versions() },
    { name: 'settings.json', content: options.settings.settings },
    { name: 'servers.json', content: servers.map(describeServer) },
    { name: 'desktop.log', content: await options.log.read() },
  ]
  for (const [index, server] of servers.entries()) {
    const folder = `servers/${index + 1}-${server.name.replaceAll(/[^\w.-]+/g, '-')}`
    files.push(...(await readServer(options, server)).map((file) => ({ ...file, name: `${folder}/${file.name}` })))
  }
  return files.map(({ name, content }) => ({
    name: redactor.redact(name),
    text: typeof content === 'string' ? redactor.redact(content) : render(redactor.redactValue(content)),
  }))
}

async function readServer(options: DiagnosticsOptions, server: ServerView): Promise<FoundFile[]> {
  const own = server.kind === 'embedded' ? [{ name: 'agent.log', content: await readTail(options.embeddedLog) }] : []
  if (server.connection.state !== 'online') return own
  const agent = options.servers.agent(server.id)
  const [about, health, diagnostics] = await Promise.all([
    tell(agent.call('getServer', {})),
    tell(agent.call('getServerStatus', {})),
    tell(agent.call('getServerDiagnostics', {})),
  ])
  const { journal = '', ...rest } = diagnostics as Partial<ServerDiagnostics>
  return [
    { name: 'health.json', content: { server: withoutKey(about), status: withoutApps(health) } },
    { name: 'services.json', content: rest },
    ...(journal === '' ? [] : [{ name: 'journal.txt', content: journal }]),
    ...own,
  ]
}

/** An older agent, another role or a server that hangs is itself worth to be told. */
async function tell(answer: Promise<object>): Promise<object> {
  const late = new Promise<object>((resolve) => setTimeout(() => resolve({ error: 'no answer' }), answerMs).unref())
  return Promise.race([answer.catch((error: Error) => ({ error: error.message })), late])
}

/** The key is public and long; nobody finds a fault by it. */
function withoutKey(server: object): object {
  const { public_key: _, ...rest } = server as { public_key?: string }
  return rest
}

/** What an app is asked for and how its dynos are is its own affair. */
function withoutApps(status: object): object {
  const { dynos, apps: _, ...rest } = status as { dynos?: unknown[]; apps?: unknown[] }
  return { ...rest, dynos: dynos?.length }
}

function describeServer({ name, kind, transport, connection, agent, age, hasOldRouter }: ServerView): object {
  const known = agent && {
    ...{ version: agent.version, digest: agent.digest, protocol: agent.protocol, runner: agent.runner },
    ...{ system: agent.operating_system, architecture: agent.architecture, sandbox: agent.sandbox, stack: agent.stack },
    ...{ startedAt: agent.started_at, router: { state: agent.router.state, version: agent.router.version } },
  }
  return { name, kind, transport, connection, agent: known, age, hasOldRouter }
}

/** The values of all that is secret and reachable, so that none of it stays wherever it may have got to. */
async function readSecrets(options: DiagnosticsOptions): Promise<Set<string>> {
  const secrets = new Set(options.secrets())
  for (const [name, value] of Object.entries(options.environment)) if (value && isSecretName(name)) secrets.add(value)
  const add = (configVars: Readonly<Record<string, string>>) => {
    for (const value of Object.values(configVars)) secrets.add(value)
  }
  for (const { serverId, appId, link } of options.ledger.list({ limit: ledgerReleases }))
    await options.ledger.configVars(serverId, appId, link.version).then(add).catch(unlessUnreadable)
  for (const { id, connection } of options.servers.list())
    if (connection.state === 'online') await addConfigVars(options.servers.agent(id), add)
  return secrets
}

async function addConfigVars(agent: Agent, add: (configVars: Record<string, string>) => void): Promise<void> {
  for (const { id } of await agent.call('listApps', {}).catch(() => []))
    await agent.call('getConfigVars', { app: id }).then(add).catch(unlessUnreadable)
}

/** Whoever may not read config vars has not seen them here either. */
function unlessUnreadable(error: unknown): void {
  if (!(error instanceof HearthError)) throw error
}

async function readTail(path: string): Promise<string> {
  const file = await open(path).catch(() => null)
  if (!file) return ''
  try {
    const { size } = await file.stat()
    const start = Math.max(0, size - logTailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, logTailBytes)), 0, undefined, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

const render = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

const readme = `What Hearth gathered to find out what is wrong. It was saved on your computer and sent to nobody.

Secrets were taken out before it was written: config vars, keys, tokens, passwords in addresses, and whatever looks like one;
"[redacted 3]" is the same secret wherever it stands. Look through it before you pass it on: names of servers and apps, and
messages of programs, are left as they were.
`
