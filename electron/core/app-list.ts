import type { App } from '../../agent/contract/apps/app.ts'
import type { Dyno } from '../../agent/contract/dynos/dyno.ts'
import type { Release } from '../../agent/contract/releases/release.ts'
import type { Agent } from './ports/agent.ts'
import type { ConnectedServers } from './ports/connected-servers.ts'

/** An app of any server with what a list shows. */
export interface AppSummary {
  readonly serverId: string
  readonly app: App
  readonly online: boolean
  readonly url: string | null
  readonly release: Release | null
  readonly dynos: {
    readonly up: number
    readonly starting: number
    readonly crashed: number
    readonly idle: number
    readonly wanted: number
  }
}

/** Where an app opens without DNS. */
export type UrlOf = (serverId: string, appName: string) => string | null

/** The apps of all servers; of one that is away, what was seen last. */
export class AppList {
  readonly #servers: ConnectedServers
  readonly #urlOf: UrlOf
  readonly #lastSeen = new Map<string, AppSummary[]>()

  constructor(servers: ConnectedServers, urlOf: UrlOf) {
    this.#servers = servers
    this.#urlOf = urlOf
  }

  async list(serverId?: string): Promise<AppSummary[]> {
    const servers = this.#servers.names().filter(({ id }) => serverId === undefined || id === serverId)
    const lists = await Promise.all(servers.map(({ id, isOnline }) => this.#listServer(id, isOnline)))
    // Only now is it known which names are there more than once.
    return lists.flat().map((summary) => this.#address(summary))
  }

  /** Whether the name alone does not say which app is meant, since another server has one of that name too. */
  isAmbiguous(appName: string): boolean {
    const known = this.#servers.names().map(({ id }) => this.#lastSeen.get(id) ?? [])
    return known.filter((apps) => apps.some(({ app }) => app.name === appName)).length > 1
  }

  async get(serverId: string, app: string): Promise<AppSummary> {
    const isOnline = this.#servers.names().some(({ id, isOnline }) => id === serverId && isOnline)
    const last = this.#last(serverId).find((summary) => summary.app.name === app || summary.app.id === app)
    if (!isOnline && last) return this.#address(last)
    const agent = this.#servers.agent(serverId)
    return this.#address(await this.#summarise(serverId, agent, await agent.call('getApp', { app })))
  }

  async summarise(serverId: string, app: App): Promise<AppSummary> {
    return this.#address(await this.#summarise(serverId, this.#servers.agent(serverId), app))
  }

  #address(summary: AppSummary): AppSummary {
    const { serverId, app, release } = summary
    return { ...summary, url: release?.slug ? this.#urlOf(serverId, app.name) : null }
  }

  async #listServer(serverId: string, isOnline: boolean): Promise<AppSummary[]> {
    if (!isOnline) return this.#last(serverId)
    try {
      const agent = this.#servers.agent(serverId)
      const apps = await agent.call('listApps', {})
      const summaries = await Promise.all(apps.map((app) => this.#summarise(serverId, agent, app)))
      this.#lastSeen.set(serverId, summaries)
      return summaries
    } catch {
      // The connection broke while asking: the servers' own state says so and why.
      return this.#last(serverId)
    }
  }

  #last(serverId: string): AppSummary[] {
    return (this.#lastSeen.get(serverId) ?? []).map((summary) => ({ ...summary, online: false }))
  }

  async #summarise(serverId: string, agent: Agent, app: App): Promise<AppSummary> {
    const [releases, dynos, formation] = await Promise.all([
      agent.call('listReleases', { app: app.id }),
      agent.call('listDynos', { app: app.id }),
      agent.call('listFormation', { app: app.id }),
    ])
    const release = releases.find(({ current }) => current) ?? null
    const wanted = formation.reduce((sum, { quantity }) => sum + quantity, 0)
    return { serverId, app, online: true, url: null, release, dynos: { ...countStates(dynos), wanted } }
  }
}

function countStates(dynos: readonly Dyno[]) {
  const count = (state: Dyno['state']) => dynos.filter((dyno) => dyno.state === state && dyno.type !== 'run').length
  return { up: count('up'), starting: count('starting'), crashed: count('crashed'), idle: count('idle') }
}
