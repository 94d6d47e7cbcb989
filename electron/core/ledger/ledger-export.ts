import type { Ledger, VerifiedEntry } from './ledger.ts'
import type { LedgerQuery } from './ledger-store.ts'

export type ExportFormat = 'json' | 'csv'

export interface ExportOptions {
  readonly format: ExportFormat
  readonly query: Omit<LedgerQuery, 'limit'>
  readonly now: Date
  /** With each link's digest of the config vars and its salt: proves the chain to others, and short values can be guessed. */
  readonly withProofs?: boolean
}

export interface ExportedFile {
  readonly name: string
  readonly text: string
}

/** More than a ledger ever holds. */
const everything = 1_000_000_000

/** Releases as the ledger has them, for other programs: with their marks and notes, never with config vars. */
export function exportLedger(ledger: Ledger, { format, query, now, withProofs = false }: ExportOptions): ExportedFile {
  const entries = ledger.list({ ...query, limit: everything })
  const name = `hearth-ledger-${now.toISOString().slice(0, 10)}.${format}`
  const rows = joinNotes(ledger, entries)
  if (format === 'csv') return { name, text: renderCsv(rows.map(toCells)) }
  const servers = new Map(entries.map((entry) => [entry.serverId, entry.serverName]))
  const document = {
    exported_at: now.toISOString(),
    servers: [...servers].map(([id, serverName]) => ({ id, name: serverName, public_key: ledger.serverKey(id) })),
    findings: ledger.findings(),
    releases: rows.map((row) => toObject(row, withProofs)),
  }
  return { name, text: `${JSON.stringify(document, null, 2)}\n` }
}

type Row = VerifiedEntry & { readonly notes: readonly { text: string; written_at: string }[] }

function joinNotes(ledger: Ledger, entries: readonly VerifiedEntry[]): Row[] {
  const key = (serverId: string, appId: string, version: number) => `${serverId} ${appId} ${version}`
  const notes = Map.groupBy(ledger.notes(), (note) => key(note.serverId, note.appId, note.version))
  return entries.map((entry) => {
    const written = notes.get(key(entry.serverId, entry.appId, entry.link.version)) ?? []
    return { ...entry, notes: written.map(({ text, writtenAt }) => ({ text, written_at: writtenAt })) }
  })
}

function toObject({ serverId, serverName, appName, link, verified, notes }: Row, withProofs: boolean) {
  const { config_digest, config_salt, ...told } = link
  const proofs = withProofs ? { config_digest, config_salt } : {}
  return { server: serverName, server_id: serverId, app: appName, ...told, ...proofs, verified, notes }
}

const header = [
  ...['server', 'app', 'release', 'created_at', 'user', 'description', 'commit', 'slug_checksum', 'verified', 'hash'],
  'notes',
]

function toCells({ serverName, appName, link, verified, notes }: Row): string[] {
  return [
    ...[serverName, appName, `v${link.version}`, link.created_at, link.user, link.description, link.commit ?? ''],
    ...[link.slug_checksum ?? '', verified ? 'yes' : 'no', link.hash, notes.map(({ text }) => text).join('\n')],
  ]
}

/** RFC 4180: CRLF, and quotes where they are needed. */
export function renderCsv(rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((row) => `${row.map(renderCell).join(',')}\r\n`).join('')
}

/** A spreadsheet runs what begins like a formula, and a commit's first line may: a quote before it makes it text. */
function renderCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
