import type { ReleaseLink } from '../../../agent/contract/releases/release.ts'

export type FindingKind = 'gap' | 'fork' | 'rewrite' | 'bad-signature' | 'key-changed'

export interface Finding {
  readonly kind: FindingKind
  readonly serverId: string
  readonly appId: string
  readonly version: number | null
  readonly message: string
  /** ISO 8601. */
  readonly foundAt: string
}

/** What a user of this desktop wrote about a release. */
export interface Note {
  readonly serverId: string
  readonly appId: string
  readonly version: number
  readonly text: string
  /** ISO 8601. */
  readonly writtenAt: string
}

export interface LedgerEntry {
  readonly serverId: string
  readonly serverName: string
  readonly appId: string
  readonly appName: string
  readonly link: ReleaseLink
}

export interface LedgerQuery {
  readonly serverId?: string | undefined
  /** By id or by its newest name. */
  readonly app?: string | undefined
  /** Looked for in app, description, user, commit and notes. */
  readonly search?: string | undefined
  readonly limit: number
}

/** Where the ledger lies. It only grows: there is no way to change or remove what was written. */
export interface LedgerStore {
  /** The app's links, oldest first. */
  links(serverId: string, appId: string): ReleaseLink[]
  /** All of them or none. */
  append(serverId: string, links: readonly ReleaseLink[]): void
  /** The newest name counts; writing the same again does nothing. */
  noteName(kind: 'server' | 'app', id: string, name: string): void
  /** The key that the server showed first; a later call returns that one, whatever is given. */
  noteServerKey(serverId: string, publicKey: string): string
  serverKey(serverId: string): string | null
  /** Does nothing when the very same finding is known. */
  noteFinding(finding: Finding): void
  findings(): Finding[]
  addNote(note: Note): void
  /** Oldest first. */
  notes(): Note[]
  /** Newest first. */
  list(query: LedgerQuery): LedgerEntry[]
  hasConfigVars(serverId: string, appId: string, version: number): boolean
  putConfigVars(serverId: string, appId: string, version: number, sealed: Uint8Array): void
  configVars(serverId: string, appId: string, version: number): Uint8Array | null
  /** Compressed by whoever puts them. */
  putSlugFiles(serverId: string, checksum: string, packed: Uint8Array): void
  slugFiles(serverId: string, checksum: string): Uint8Array | null
  close(): void
}
