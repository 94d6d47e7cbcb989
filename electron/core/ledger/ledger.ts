import { createHash } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { HearthError } from '../../../agent/contract/errors.ts'
import { canonicalJson, type ReleaseLink } from '../../../agent/contract/releases/release.ts'
import { type SlugFiles, slugFiles } from '../../../agent/contract/releases/slug-files.ts'
import { type KeyStore, seal, unseal } from './key-store.ts'
import type { Finding, LedgerEntry, LedgerQuery, LedgerStore, Note } from './ledger-store.ts'
import { type ChainFault, compareChains, findLinkFault } from './release-chain.ts'

/** What the ledger reads from a server; the agent client offers it. */
export interface LedgerSource {
  readonly server: { readonly id: string; readonly name: string; readonly publicKey: string }
  listApps(): Promise<readonly { id: string; name: string }[]>
  listReleaseLinks(appId: string): Promise<readonly ReleaseLink[]>
  getReleaseConfigVars(appId: string, version: number): Promise<Record<string, string>>
  listSlugFiles(appId: string, slugId: string): Promise<SlugFiles>
}

export type VerifiedEntry = LedgerEntry & { readonly verified: boolean }

export const maximumNoteCharacters = 2000

/** Of a history that is new here, the slugs whose lists of files are asked for; older ones are asked for when compared. */
const copiedSlugs = 20

/** The desktop's append-only copy of every release of every app, checked as it is written. */
export class Ledger {
  readonly #store: LedgerStore
  readonly #keys: KeyStore
  readonly #now: () => Date

  constructor(store: LedgerStore, keys: KeyStore, now: () => Date = () => new Date()) {
    this.#store = store
    this.#keys = keys
    this.#now = now
  }

  /** Copies what is new; true when something was. What does not fit is kept as a finding, never accepted in silence. */
  async sync(source: LedgerSource): Promise<boolean> {
    const { server } = source
    this.#store.noteName('server', server.id, server.name)
    const trustedKey = this.#store.noteServerKey(server.id, server.publicKey)
    if (trustedKey !== server.publicKey) this.#note(server.id, '', null, 'key-changed', changedKey(server.name))
    let hasNews = false
    for (const app of await source.listApps()) {
      this.#store.noteName('app', app.id, app.name)
      const links = await readLinks(source, app.id)
      if (links) hasNews = (await this.#syncApp(source, { app, links, trustedKey })) || hasNews
    }
    return hasNews
  }

  list(query: LedgerQuery): VerifiedEntry[] {
    const verify = this.#verifier()
    return this.#store.list(query).map((entry) => ({ ...entry, verified: verify(entry) }))
  }

  /** Only ever added: what was thought of a release then is part of its history. */
  addNote({ serverId, appId, version, text }: Omit<Note, 'writtenAt'>): void {
    const trimmed = text.trim()
    if (trimmed === '' || trimmed.length > maximumNoteCharacters) {
      const message = `A note has 1 to ${maximumNoteCharacters} characters, and this one ${trimmed.length}.`
      throw new HearthError('invalid_params', message)
    }
    this.#store.addNote({ serverId, appId, version, text: trimmed, writtenAt: this.#now().toISOString() })
  }

  /** Oldest first. */
  notes(): Note[] {
    return this.#store.notes()
  }

  /** The key that the server showed first, SPKI in base64. */
  serverKey(serverId: string): string | null {
    return this.#store.serverKey(serverId)
  }

  findings(): Finding[] {
    return this.#store.findings()
  }

  /** Config vars of a release as they were, also when the server is gone. */
  async configVars(serverId: string, appId: string, version: number): Promise<Record<string, string>> {
    const sealed = this.#store.configVars(serverId, appId, version)
    if (!sealed) throw new HearthError('not_found', `The ledger has no config vars of v${version}.`)
    return JSON.parse(unseal(await this.#keys.key(), sealed, placeOf(serverId, appId, version)))
  }

  /** What the slug holds, by the server's word when it was copied; null when it never was. */
  slugFiles(serverId: string, checksum: string): SlugFiles | null {
    const packed = this.#store.slugFiles(serverId, checksum)
    return packed && slugFiles.parse(JSON.parse(zstdDecompressSync(packed).toString('utf8')))
  }

  keepSlugFiles(serverId: string, checksum: string, files: SlugFiles): void {
    this.#store.putSlugFiles(serverId, checksum, zstdCompressSync(JSON.stringify(files)))
  }

  async #syncApp(source: LedgerSource, { app, links, trustedKey }: ToldApp): Promise<boolean> {
    const { id: serverId } = source.server
    const known = this.#store.links(serverId, app.id)
    const { news, faults } = compareChains(known, links, trustedKey)
    for (const fault of faults) {
      this.#note(serverId, app.id, fault.version, fault.kind, describeFault(fault, app.name, source.server.name))
    }
    this.#store.append(serverId, news)
    if (!this.#keys.isLocked) await this.#copyConfigVars(source, app.id, [...known, ...news])
    await this.#copySlugFiles(source, app.id, news.slice(-copiedSlugs))
    return news.length > 0 || faults.length > 0
  }

  /** At once, since the server removes old slugs. */
  async #copySlugFiles(source: LedgerSource, appId: string, links: readonly ReleaseLink[]): Promise<void> {
    for (const { slug_id: slugId, slug_checksum: checksum } of links) {
      if (slugId === null || checksum === null || this.#store.slugFiles(source.server.id, checksum)) continue
      const files = await source.listSlugFiles(appId, slugId).catch(unlessGone)
      if (files) this.keepSlugFiles(source.server.id, checksum, files)
    }
  }

  /** Also those that an earlier sync missed, because the key store was locked or the connection broke. */
  async #copyConfigVars(source: LedgerSource, appId: string, links: readonly ReleaseLink[]): Promise<void> {
    const serverId = source.server.id
    for (const link of links) {
      if (this.#store.hasConfigVars(serverId, appId, link.version)) continue
      const configVars = await source.getReleaseConfigVars(appId, link.version)
      if (configDigest(link.config_salt, configVars) !== link.config_digest) {
        const message = `The config vars that the server tells of v${link.version} are not those that were released.`
        this.#note(serverId, appId, link.version, 'rewrite', message)
        continue
      }
      const place = placeOf(serverId, appId, link.version)
      const sealed = seal(await this.#keys.key(), JSON.stringify(configVars), place)
      this.#store.putConfigVars(serverId, appId, link.version, sealed)
    }
  }

  /** For many entries at once: keys and findings are read once. */
  #verifier(): (entry: LedgerEntry) => boolean {
    const keys = new Map<string, string | null>()
    const faulty = new Set(this.#store.findings().map(({ appId, version }) => `${appId} ${version}`))
    return ({ serverId, appId, link }) => {
      if (!keys.has(serverId)) keys.set(serverId, this.#store.serverKey(serverId))
      const publicKey = keys.get(serverId)
      return Boolean(publicKey && !findLinkFault(link, publicKey) && !faulty.has(`${appId} ${link.version}`))
    }
  }

  #note(serverId: string, appId: string, version: number | null, kind: Finding['kind'], message: string): void {
    this.#store.noteFinding({ kind, serverId, appId, version, message, foundAt: this.#now().toISOString() })
  }
}

interface ToldApp {
  readonly app: { readonly id: string; readonly name: string }
  readonly links: readonly ReleaseLink[]
  readonly trustedKey: string
}

/** Null where the desktop's role on the app does not include its config vars, and so not their proofs either. */
async function readLinks(source: LedgerSource, appId: string): Promise<readonly ReleaseLink[] | null> {
  try {
    return await source.listReleaseLinks(appId)
  } catch (error) {
    if (error instanceof HearthError && error.id === 'forbidden') return null
    throw error
  }
}

/** An old slug is gone; an agent before this desktop's age does not know the question. */
function unlessGone(error: unknown): null {
  if (error instanceof HearthError && error.id === 'not_found') return null
  throw error
}

/** Proves config vars without telling them: the salt keeps short values from being guessed. */
export function configDigest(salt: string, configVars: Record<string, string>): string {
  return createHash('sha256')
    .update(`${salt}${canonicalJson(configVars)}`)
    .digest('hex')
}

function placeOf(serverId: string, appId: string, version: number): string {
  return `${serverId}/${appId}/v${version}`
}

function changedKey(server: string): string {
  return `${server} signs releases with another key than before. Unless you installed it anew, do not trust its history.`
}

function describeFault(fault: ChainFault, app: string, server: string): string {
  switch (fault.kind) {
    case 'gap':
      return `${server} tells of v${fault.version} of ${app}, but v${fault.expected} is missing in between.`
    case 'fork':
      return `${server} tells another v${fault.version} of ${app} than the one that this ledger saw.`
    case 'rewrite':
      return `${server} no longer knows v${fault.version} of ${app}, which this ledger saw: its state was set back or changed.`
    case 'bad-signature':
      return `v${fault.version} of ${app} does not carry a valid signature of ${server}.`
  }
}
