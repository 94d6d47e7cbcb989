import type { Duplex } from 'node:stream'
import { HearthError, notFound } from '../../../agent/contract/errors.ts'
import { type Server as AgentServer, server as agentServer } from '../../../agent/contract/server/server.ts'
import type { Changes } from '../changes.ts'
import type { Agent } from '../ports/agent.ts'
import type { AgentDoor } from '../ports/agent-door.ts'
import type { ConnectedServers, ServerName } from '../ports/connected-servers.ts'
import type { Link } from '../ports/link.ts'
import type { SshAddress, SshConnectors, SystemSsh, TransportKind } from '../ports/transport.ts'
import { type AgentAge, compareAgent, hasOldRouter, type ProgramVersion } from './agent-age.ts'
import { Connection } from './connection.ts'
import type { ConnectionState } from './connection-state.ts'
import { HostProbe, type Probe } from './host-probe.ts'
import type { ServerEntry, ServerFile } from './server-file.ts'

/** A server as screens and the command line show it. */
export interface ServerView {
  readonly id: string
  readonly name: string
  readonly kind: 'embedded' | 'ssh'
  readonly host: string
  readonly port: number
  readonly user: string
  /** How SSH is spoken to it; null for "This computer". */
  readonly transport: TransportKind | null
  /** How to log in for an upgrade without asking; null when it needs a secret, or never was. */
  readonly login: ServerEntry['login']
  /** The agent beside the one that this desktop brings; null while that is unknown, and for "This computer". */
  readonly age: AgentAge | null
  /** The router still runs the program of before the agent's last upgrade. */
  readonly hasOldRouter: boolean
  readonly connection: ConnectionState
  /** What the agent last told of itself; kept while offline. */
  readonly agent: AgentServer | null
}

export interface ServersOptions {
  readonly file: ServerFile
  readonly connectors: SshConnectors
  readonly systemSsh: SystemSsh
  /** The way to a remembered server; asked for its entry as it is at that moment. */
  readonly linkTo: (entry: () => ServerEntry) => Link
  /** The way to "This computer", or null where there is none. */
  readonly embedded: Link | null
  readonly changes: Changes
  /** The agent that this desktop installs; null where it was not built. */
  readonly ownAgent: ProgramVersion | null
  readonly onConnected: (serverId: string, agent: Agent, signal: AbortSignal) => void
}

export const embeddedId = 'this-computer'

interface Entry {
  readonly connection: Connection
  readonly view: () => Omit<ServerView, 'connection' | 'agent' | 'age' | 'hasOldRouter'>
  agent: AgentServer | null
}

/** All servers, each with its connection. */
export class Servers implements ConnectedServers {
  readonly #options: ServersOptions
  readonly #entries = new Map<string, Entry>()
  readonly #hosts: HostProbe
  #connects: 'everywhere' | 'on demand' = 'everywhere'

  constructor(options: ServersOptions) {
    this.#options = options
    const { connectors, systemSsh, file } = options
    this.#hosts = new HostProbe({ connectors, systemSsh, entries: () => file.entries })
    // Another desktop may have restarted its router.
    options.changes.subscribe(({ topic, serverId }) => {
      if (topic === 'server' && serverId !== null && this.#entries.has(serverId)) void this.refresh(serverId)
    })
  }

  /** Begins to connect everywhere, or only where `connect` is called; returns at once. */
  open(connects: 'everywhere' | 'on demand' = 'everywhere'): void {
    this.#connects = connects
    const { embedded, file } = this.#options
    if (embedded) {
      const user = { kind: 'embedded', host: 'localhost', port: 0, user: '', transport: null, login: null } as const
      this.#connect(embeddedId, embedded, () => ({ id: embeddedId, name: 'This computer', ...user }), null)
    }
    for (const entry of file.entries) this.#connectEntry(entry)
  }

  /** Takes over what another process, the command line say, adds to the list, changes in it or takes out. */
  follow(signal: AbortSignal): void {
    const { file, changes } = this.#options
    file.follow(signal, () => {
      const known = new Set(file.entries.map(({ id }) => id))
      for (const [id, { connection }] of this.#entries) {
        if (id === embeddedId || known.has(id)) continue
        this.#entries.delete(id)
        // It is out of the list, whatever becomes of its connection.
        void connection.close().catch(() => {})
      }
      for (const entry of file.entries) if (!this.#entries.has(entry.id)) this.#connectEntry(entry)
      changes.emit({ topic: 'servers' })
    })
  }

  list(): ServerView[] {
    return [...this.#entries.keys()].map((id) => this.get(id))
  }

  get(serverId: string): ServerView {
    const { connection, view, agent } = this.#require(serverId)
    const { ownAgent } = this.#options
    const age = agent && ownAgent && serverId !== embeddedId ? compareAgent(agent, ownAgent) : null
    return { ...view(), connection: connection.state, agent, age, hasOldRouter: agent !== null && hasOldRouter(agent) }
  }

  names(): ServerName[] {
    return this.list().map(({ id, name, connection }) => ({ id, name, isOnline: connection.state === 'online' }))
  }

  agent(serverId: string): Agent {
    return this.#require(serverId).connection.agent()
  }

  async openDoor(serverId: string): Promise<AgentDoor> {
    return this.#require(serverId).connection.openDoor()
  }

  openRouter(serverId: string): Promise<Duplex> {
    return this.#require(serverId).connection.openRouter()
  }

  /** For servers that were opened on demand. */
  connect(serverId: string): void {
    this.#require(serverId).connection.open()
  }

  reconnect(serverId: string): ServerView {
    this.#require(serverId).connection.retry()
    return this.get(serverId)
  }

  /** Reaches a host and shows its key, before anything secret is sent; by the way that fits unless one is wanted. */
  probe(address: SshAddress, transport?: TransportKind): Promise<Probe> {
    return this.#hosts.look(address, transport)
  }

  async add(
    wanted: SshAddress & { readonly name: string; readonly transport: TransportKind; readonly fingerprint: string },
  ): Promise<ServerView> {
    const { fingerprint, ...place } = wanted
    const same = this.#options.file.entries.find(({ host, port }) => host === place.host && port === place.port)
    if (same) {
      throw new HearthError('conflict', `${place.host}:${place.port} is already here under the name ${same.name}.`)
    }
    const hostKeys = [this.#hosts.confirmed(place, fingerprint)]
    const entry = await this.#options.file.add({ ...place, hostKeys, login: null })
    // Another's change that came at the same moment has brought it already.
    if (!this.#entries.has(entry.id)) this.#connectEntry(entry)
    this.#options.changes.emit({ topic: 'servers', serverId: entry.id })
    return this.get(entry.id)
  }

  async rename(serverId: string, name: string): Promise<ServerView> {
    await this.#options.file.update(this.#requireRemembered(serverId).id, { name })
    this.#options.changes.emit({ topic: 'servers', serverId })
    return this.get(serverId)
  }

  /** The user compared the new key and trusts it. */
  async trustHostKey(serverId: string, fingerprint: string): Promise<ServerView> {
    const entry = this.#requireRemembered(serverId)
    await this.probe(entry, entry.transport)
    const hostKeys = [this.#hosts.confirmed(entry, fingerprint)]
    await this.#options.file.update(serverId, { hostKeys })
    return this.reconnect(serverId)
  }

  /** How this server is connected to from now on, at once. */
  async chooseTransport(serverId: string, transport: TransportKind): Promise<ServerView> {
    const entry = this.#requireRemembered(serverId)
    if (transport === 'system' && !(await this.#options.systemSsh.isAvailable())) {
      throw new HearthError(
        'unavailable',
        'There is no ssh program on this computer that Hearth can use. Install OpenSSH.',
      )
    }
    if (entry.transport !== transport) {
      await this.#options.file.update(serverId, { transport })
      this.#require(serverId).connection.renew()
    }
    return this.get(serverId)
  }

  /** Whether the system's ssh may be chosen for a server, and why ~/.ssh/config wants it. */
  async describeSystemSsh(serverId: string): Promise<{ isAvailable: boolean; reason: string | null }> {
    const { systemSsh } = this.#options
    if (!(await systemSsh.isAvailable())) return { isAvailable: false, reason: null }
    return { isAvailable: true, reason: await systemSsh.explainNeed(this.#requireRemembered(serverId)) }
  }

  /** How an installation has just logged in; null when it took a secret, which is not kept. */
  async rememberLogin(serverId: string, login: ServerEntry['login']): Promise<void> {
    await this.#options.file.update(this.#requireRemembered(serverId).id, { login })
  }

  /** What the agent tells of itself now, where it is connected. */
  async refresh(serverId: string): Promise<ServerView> {
    const { connection } = this.#require(serverId)
    if (connection.state.state === 'online') await this.#noteAgent(serverId, connection.agent())
    return this.get(serverId)
  }

  /** Answers once the new router serves. */
  async restartRouter(serverId: string): Promise<ServerView> {
    await this.#remember(serverId, await this.agent(serverId).call('restartRouter', {}))
    return this.get(serverId)
  }

  async remove(serverId: string): Promise<void> {
    this.#requireRemembered(serverId)
    const { connection } = this.#require(serverId)
    await this.#options.file.remove(serverId)
    this.#entries.delete(serverId)
    await connection.close()
    this.#options.changes.emit({ topic: 'servers', serverId })
  }

  /** The remembered entry; "This computer" has none. */
  entry(serverId: string): ServerEntry {
    return this.#requireRemembered(serverId)
  }

  /** All remembered entries. */
  entries(): readonly ServerEntry[] {
    return this.#options.file.entries
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ connection }) => connection.close()))
  }

  #connectEntry(entry: ServerEntry): void {
    const current = () => this.#options.file.entries.find(({ id }) => id === entry.id) ?? entry
    const view = () => {
      const { id, name, host, port, user, transport, login } = current()
      return { id, name, kind: 'ssh' as const, host, port, user, transport, login }
    }
    this.#connect(entry.id, this.#options.linkTo(current), view, agentServer.safeParse(entry.agent).data ?? null)
  }

  #connect(id: string, link: Link, view: Entry['view'], agent: AgentServer | null): void {
    const connection = new Connection({
      name: () => view().name,
      link,
      onState: () => this.#options.changes.emit({ topic: 'servers', serverId: id }),
      onConnected: (connected, signal) => {
        void this.#noteAgent(id, connected)
        this.#options.onConnected(id, connected, signal)
      },
    })
    this.#entries.set(id, { connection, view, agent })
    if (this.#connects === 'everywhere') connection.open()
  }

  async #noteAgent(id: string, agent: Agent): Promise<void> {
    const told = await agent.call('getServer', {}).catch(() => null)
    if (told) await this.#remember(id, told)
  }

  async #remember(id: string, told: AgentServer): Promise<void> {
    const entry = this.#entries.get(id)
    if (!entry) return
    entry.agent = told
    if (id !== embeddedId) await this.#options.file.update(id, { agent: told })
    this.#options.changes.emit({ topic: 'servers', serverId: id })
  }

  #require(serverId: string): Entry {
    const entry = this.#entries.get(serverId)
    if (!entry) throw notFound('server', serverId)
    return entry
  }

  #requireRemembered(serverId: string): ServerEntry {
    if (serverId === embeddedId) {
      throw new HearthError('bad_request', 'This computer is always there; it can be neither changed nor removed.')
    }
    const entry = this.#options.file.entries.find(({ id }) => id === serverId)
    if (!entry) throw notFound('server', serverId)
    return entry
  }
}
