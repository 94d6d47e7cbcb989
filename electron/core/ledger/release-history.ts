import { HearthError } from '../../../agent/contract/errors.ts'
import type { Release, ReleaseSource, ReleaseState } from '../../../agent/contract/releases/release.ts'
import type { Agent } from '../ports/agent.ts'
import type { ConnectedServers } from '../ports/connected-servers.ts'
import type { Ledger } from './ledger.ts'

/** A release as the ledger has it, with its present state when the server is there. */
export interface LedgerRelease {
  readonly serverId: string
  readonly serverName: string
  readonly appId: string
  readonly appName: string
  readonly version: number
  readonly description: string
  readonly user: string
  readonly createdAt: string
  readonly commit: string | null
  readonly slugChecksum: string | null
  readonly hash: string
  /** Null: the ledger has no link of it, since the desktop's role on the app does not include them. */
  readonly verified: boolean | null
  readonly release: Release | null
  /** Why it failed, and why it can't be rolled back to; known while the server is online. */
  readonly reason?: string | null
  readonly rollbackObstacle?: string | null
  /** Where the code came from that it brought; known while the server is online. */
  readonly source?: ReleaseSource | null
  /** What was written about it on this desktop, oldest first. */
  readonly notes: ReleaseNote[]
}

export interface ReleaseNote {
  readonly text: string
  readonly writtenAt: string
}

export interface LedgerSearch {
  /** The agent's id. */
  readonly serverId?: string | undefined
  /** By id or by its newest name. */
  readonly app?: string | undefined
  readonly search?: string | undefined
  readonly limit?: number | undefined
}

const listed = 500

/** Releases across servers and time: from the ledger, joined with what the agent knows now. */
export class ReleaseHistory {
  readonly #ledger: Ledger
  readonly #servers: ConnectedServers
  readonly #agentIdOf: (serverId: string) => string | null

  constructor(ledger: Ledger, servers: ConnectedServers, agentIdOf: (serverId: string) => string | null) {
    this.#ledger = ledger
    this.#servers = servers
    this.#agentIdOf = agentIdOf
  }

  /** The ledger knows a server by the agent's id, the desktop by its own; of a server that is gone only the first is left. */
  agentIdOf(serverId: string): string {
    const isKnown = this.#servers.names().some(({ id }) => id === serverId)
    return (isKnown ? this.#agentIdOf(serverId) : null) ?? serverId
  }

  /** One app's, newest first. */
  async ofApp(serverId: string, app: string): Promise<LedgerRelease[]> {
    const isOnline = this.#servers.names().some(({ id, isOnline }) => id === serverId && isOnline)
    const agent = isOnline ? this.#servers.agent(serverId) : null
    const [releases, states] = agent
      ? await Promise.all([agent.call('listReleases', { app }), listReleaseStates(agent, app)])
      : [[], []]
    const ledgered = this.search({ serverId: this.agentIdOf(serverId), app: releases[0]?.app.id ?? app, limit: listed })
    const byVersion = new Map(releases.map((release) => [release.version, release]))
    const stateOf = new Map(states.map((state) => [state.version, state]))
    const { name = '' } = this.#servers.names().find(({ id }) => id === serverId) ?? {}
    const notesOf = this.#notes()
    const known = new Set(ledgered.map(({ version }) => version))
    const others = releases
      .filter(({ version }) => !known.has(version))
      .map((release) => toUnledgered(release, { serverId, name }))
      .map((entry) => ({ ...entry, notes: notesOf(this.agentIdOf(serverId), entry.appId, entry.version) }))
    return [...ledgered, ...others]
      .sort((a, b) => b.version - a.version)
      .map((entry) => {
        const release = byVersion.get(entry.version) ?? null
        const { reason = null, rollback_obstacle, source = null } = stateOf.get(entry.version) ?? {}
        const unsaid = release && !release.eligible_for_rollback ? 'its server does not say why' : null
        return { ...entry, release, reason, rollbackObstacle: rollback_obstacle ?? unsaid, source }
      })
  }

  search({ limit, ...query }: LedgerSearch): LedgerRelease[] {
    const serverIdOf = new Map(this.#servers.names().map(({ id }) => [this.#agentIdOf(id), id]))
    const notesOf = this.#notes()
    return this.#ledger.list({ ...query, limit: limit ?? listed }).map(({ link, verified, ...place }) => ({
      ...place,
      serverId: serverIdOf.get(place.serverId) ?? place.serverId,
      version: link.version,
      description: link.description,
      user: link.user,
      createdAt: link.created_at,
      commit: link.commit,
      slugChecksum: link.slug_checksum,
      hash: link.hash,
      verified,
      release: null,
      notes: notesOf(place.serverId, place.appId, link.version),
    }))
  }

  /** Also while the server is away. */
  addNote({ serverId, ...note }: { serverId: string; appId: string; version: number; text: string }): void {
    this.#ledger.addNote({ ...note, serverId: this.agentIdOf(serverId) })
  }

  #notes(): (serverId: string, appId: string, version: number) => ReleaseNote[] {
    const notes = Map.groupBy(this.#ledger.notes(), (note) => `${note.serverId} ${note.appId} ${note.version}`)
    return (serverId, appId, version) =>
      (notes.get(`${serverId} ${appId} ${version}`) ?? []).map(({ text, writtenAt }) => ({ text, writtenAt }))
  }
}

/** How releases went. An agent older than this desktop does not tell; its releases are shown without reasons. */
export async function listReleaseStates(agent: Agent, app: string): Promise<ReleaseState[]> {
  return agent.call('listReleaseStates', { app }).catch((error: unknown) => {
    if (error instanceof HearthError && error.id === 'not_found') return []
    throw error
  })
}

/** As the agent tells it, with nothing that proves it. */
function toUnledgered(release: Release, server: { serverId: string; name: string }): LedgerRelease {
  return {
    serverId: server.serverId,
    serverName: server.name,
    appId: release.app.id,
    appName: release.app.name,
    version: release.version,
    description: release.description,
    user: release.user.email,
    createdAt: release.created_at,
    commit: null,
    slugChecksum: null,
    hash: '',
    verified: null,
    release,
    notes: [],
  }
}
