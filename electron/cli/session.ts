import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../../agent/contract/apps/app.ts'
import { HearthError, notFound } from '../../agent/contract/errors.ts'
import type { Installer } from '../core/install/installer.ts'
import type { Agent } from '../core/ports/agent.ts'
import { embeddedId, type ServerView } from '../core/servers/servers.ts'
import { ledgerSourceOf } from '../core/servers/watch-server.ts'
import type { DesktopCore } from '../desktop-core.ts'
import type { Values } from './command.ts'
import type { Console } from './console.ts'
import { withTransportHint } from './servers/transport.ts'

/** An app and the server that has it, connected. */
export interface Place {
  readonly serverId: string
  readonly agent: Agent
  readonly app: App
}

/** For "This computer" while another process has only just begun to start it. */
const embeddedPatienceMs = 15_000

/** The core during one command: finds servers and apps by what the user said, and connects to no others. */
export class Session {
  readonly core: DesktopCore
  readonly installer: Installer
  readonly #console: Console
  readonly #signal: AbortSignal
  #hasWarned = false

  constructor(
    { core, installer }: { core: DesktopCore; installer: Installer },
    { console, signal }: { console: Console; signal: AbortSignal },
  ) {
    this.core = core
    this.installer = installer
    this.#console = console
    this.#signal = signal
  }

  /** By name or id; without a name the only one that was added, or this computer when none was. */
  server(name: string | undefined): ServerView {
    const servers = this.core.servers.list()
    if (name !== undefined) {
      const wanted = name.toLowerCase()
      const found = servers.find((server) => server.id === name || server.name.toLowerCase() === wanted)
      if (found) return found
      throw new HearthError('not_found', `There is no server ${name}. There are: ${listNames(servers)}.`)
    }
    const added = servers.filter(({ kind }) => kind === 'ssh')
    const only = added.length === 0 ? servers[0] : added.length === 1 ? added[0] : undefined
    if (only) return only
    throw new HearthError('bad_request', `Which server? Say --server with one of: ${listNames(servers)}.`)
  }

  /** The agent of a server, connected now; throws why it can't be. */
  async agent(serverId: string): Promise<Agent> {
    const { servers } = this.core
    servers.connect(serverId)
    const patientUntil = serverId === embeddedId ? performance.now() + embeddedPatienceMs : 0
    for (;;) {
      const { connection, name } = servers.get(serverId)
      if (connection.state === 'online') return servers.agent(serverId)
      if (connection.state !== 'connecting') {
        if (connection.state === 'needs-system-ssh')
          throw withTransportHint(new HearthError('needs_system_ssh', `${name}: ${connection.reason}`), name)
        if (performance.now() > patientUntil) throw new HearthError('unavailable', `${name}: ${connection.reason}`)
        servers.reconnect(serverId)
        await sleep(200, undefined, { signal: this.#signal })
      } else await this.#nextServerChange()
    }
  }

  /** Says once that nothing of This computer outlives this command. */
  warnIfTemporary(): void {
    if (this.#hasWarned || !this.core.isEmbeddedOwner()) return
    this.#hasWarned = true
    this.#console.note(
      "Note: Hearth's desktop is not running, so This computer and its apps run only while this command does. " +
        'Start it with: npm start',
    )
  }

  /** The app that is meant, on the server that has it. */
  async app(values: Values, name = values.text('app')): Promise<Place> {
    const server = values.text('server')
    if (name === undefined) return this.#onlyApp(this.server(server).id)
    if (server !== undefined) return this.#appOn(this.server(server).id, name)
    const found = await this.findApp(name)
    if (found) return found
    const { id } = this.#candidates()[0] as ServerView
    return this.#appOn(id, name)
  }

  /** Looks on every server; this computer's own comes last, because it may have to be started for it. */
  async findApp(name: string): Promise<Place | null> {
    const places: Place[] = []
    for (const { id, kind } of this.#candidates()) {
      if (kind === 'embedded' && places.length > 0) break
      const place = await this.#appOn(id, name).catch((error: unknown) => this.#unlessElsewhere(error))
      if (place) places.push(place)
    }
    if (places.length <= 1) return places[0] ?? null
    const names = places.map(({ serverId }) => this.core.servers.get(serverId).name).join(', ')
    throw new HearthError('bad_request', `Several servers have an app ${name}: ${names}. Say --server.`)
  }

  /** What happened is in the ledger before the command ends. */
  async syncLedger(agent: Agent): Promise<void> {
    await this.core.ledger.sync(await ledgerSourceOf(agent))
  }

  close(): Promise<void> {
    return this.core.close()
  }

  #candidates(): ServerView[] {
    return this.core.servers.list().sort((a, b) => Number(a.kind === 'embedded') - Number(b.kind === 'embedded'))
  }

  /** A server that is away may have the app, but one that is there and has it decides. */
  #unlessElsewhere(error: unknown): null {
    if (error instanceof HearthError && error.id === 'not_found') return null
    if (error instanceof HearthError && error.id === 'unavailable' && this.#candidates().length > 1) {
      this.#console.note(`Not looked at: ${error.message}`)
      return null
    }
    throw error
  }

  async #appOn(serverId: string, name: string): Promise<Place> {
    const agent = await this.agent(serverId)
    try {
      return { serverId, agent, app: await agent.call('getApp', { app: name }) }
    } catch (error) {
      if (!(error instanceof HearthError) || error.id !== 'not_found') throw error
      throw notFound('app', `${name} (on ${this.core.servers.get(serverId).name})`)
    }
  }

  async #onlyApp(serverId: string): Promise<Place> {
    const agent = await this.agent(serverId)
    const apps = await agent.call('listApps', {})
    const [first, second] = apps
    const { name } = this.core.servers.get(serverId)
    if (!first) throw new HearthError('not_found', `${name} has no app yet. Make one: hearth deploy FOLDER --app NAME`)
    if (!second) return { serverId, agent, app: first }
    const names = apps.map((app) => app.name).join(', ')
    throw new HearthError('bad_request', `Which app? Say --app with one of ${name}'s: ${names}.`)
  }

  #nextServerChange(): Promise<void> {
    return new Promise((resolve, reject) => {
      const unsubscribe = this.core.changes.subscribe(({ topic }) => {
        if (topic !== 'servers') return
        unsubscribe()
        resolve()
      })
      const stop = () => reject(new HearthError('gone', 'Interrupted.'))
      if (this.#signal.aborted) stop()
      this.#signal.addEventListener('abort', stop, { once: true })
    })
  }
}

function listNames(servers: readonly ServerView[]): string {
  return servers.map(({ name }) => (name.includes(' ') ? `"${name}"` : name)).join(', ')
}
