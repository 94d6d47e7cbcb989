import { HearthError } from '../../../agent/contract/errors.ts'
import type { SlugFiles } from '../../../agent/contract/releases/slug-files.ts'
import type { Agent } from '../ports/agent.ts'
import type { ConnectedServers } from '../ports/connected-servers.ts'
import { scalable } from '../scalable.ts'
import {
  type ConfigVarChange,
  compareReleases,
  compareValues,
  type ReleaseCode,
  type ReleaseDifference,
  type ReleaseParts,
} from './release-difference.ts'
import type { LedgerRelease, ReleaseHistory } from './release-history.ts'

/** What the ledger keeps of what releases hold. */
export interface ReleaseCopies {
  configVars(serverId: string, appId: string, version: number): Promise<Record<string, string>>
  slugFiles(serverId: string, checksum: string): SlugFiles | null
  keepSlugFiles(serverId: string, checksum: string, files: SlugFiles): void
}

export interface ReleasePair {
  readonly serverId: string
  readonly app: string
  readonly from: number
  readonly to: number
}

interface Contents {
  readonly release: LedgerRelease
  readonly agent: Agent | null
}

/** What releases hold: config vars and files from the ledger's own copies, code from the server while it is there. */
export class ReleaseContents {
  readonly #history: ReleaseHistory
  readonly #ledger: ReleaseCopies
  readonly #servers: ConnectedServers

  constructor(history: ReleaseHistory, ledger: ReleaseCopies, servers: ConnectedServers) {
    this.#history = history
    this.#ledger = ledger
    this.#servers = servers
  }

  async difference(wanted: ReleasePair): Promise<ReleaseDifference> {
    const [from, to] = await this.#find(wanted)
    const { agent, release } = to
    const [before, after, formation] = await Promise.all([
      this.#readParts(from),
      this.#readParts(to),
      agent ? agent.call('listFormation', { app: release.appId }) : null,
    ])
    return compareReleases(before, after, formation && scalable(formation))
  }

  /** With values, for whoever asks to see them. */
  async configVarChanges(wanted: ReleasePair): Promise<ConfigVarChange[]> {
    const [from, to] = await this.#find(wanted)
    const [before, after] = await Promise.all([this.#readConfigVars(from), this.#readConfigVars(to)])
    return compareValues(before, after)
  }

  async #find({ serverId, app, from, to }: ReleasePair): Promise<[Contents, Contents]> {
    const releases = await this.#history.ofApp(serverId, app)
    const isOnline = this.#servers.names().some(({ id, isOnline }) => id === serverId && isOnline)
    const agent = isOnline ? this.#servers.agent(serverId) : null
    const find = (wanted: number): Contents => {
      const release = releases.find(({ version }) => version === wanted)
      if (release) return { release, agent }
      throw new HearthError('not_found', `Nothing is known of v${wanted} of ${app}.`, { resource: 'release' })
    }
    return [find(from), find(to)]
  }

  async #readParts(contents: Contents): Promise<ReleaseParts> {
    const { version, commit, slugChecksum, release } = contents.release
    const [configVars, code] = await Promise.all([
      this.#readConfigVars(contents).catch(unlessUnreadable),
      this.#readCode(contents),
    ])
    const addOns = release?.addon_plan_names ?? null
    const checksum = slugChecksum ?? code?.checksum ?? null
    return {
      ...{ version, addOns, configVars },
      hasCode: slugChecksum !== null || Boolean(release?.slug),
      commit: commit ?? code?.commit ?? null,
      slugChecksum: checksum,
      code,
      files: checksum === null ? null : await this.#readFiles(contents, checksum),
    }
  }

  async #readConfigVars({ release, agent }: Contents): Promise<Record<string, string>> {
    const { serverId, appId, version } = release
    try {
      return await this.#ledger.configVars(this.#history.agentIdOf(serverId), appId, version)
    } catch (error) {
      // No copy yet, or the key store is locked: the server knows them too.
      if (!agent || !(error instanceof HearthError)) throw error
      return agent.call('getReleaseConfigVars', { app: appId, release: String(version) })
    }
  }

  async #readFiles({ release, agent }: Contents, checksum: string): Promise<SlugFiles | null> {
    const serverId = this.#history.agentIdOf(release.serverId)
    const kept = this.#ledger.slugFiles(serverId, checksum)
    if (kept || !agent || !release.release?.slug) return kept
    const files = await agent
      .call('listSlugFiles', { app: release.appId, slug: release.release.slug.id })
      .catch(unlessUnreadable)
    if (files) this.#ledger.keepSlugFiles(serverId, checksum, files)
    return files
  }

  async #readCode({ release: { appId, release }, agent }: Contents) {
    if (!agent || !release?.slug) return null
    const slug = await agent.call('getSlug', { app: appId, slug: release.slug.id }).catch(unlessGone)
    if (!slug) return null
    const builds = await agent.call('listBuilds', { app: appId })
    const build = builds.find((each) => each.slug?.id === slug.id)
    const code: ReleaseCode = {
      stack: slug.stack.name,
      sizeBytes: slug.size,
      buildpacks: build?.buildpacks?.map(({ url }) => url) ?? null,
      processTypes: slug.process_types,
    }
    return { ...code, commit: slug.commit, checksum: slug.checksum }
  }
}

/** Whoever may not read a part, or can't for now, still sees the rest. */
function unlessUnreadable(error: unknown): null {
  if (error instanceof HearthError) return null
  throw error
}

function unlessGone(error: unknown): null {
  if (error instanceof HearthError && error.id === 'not_found') return null
  throw error
}
