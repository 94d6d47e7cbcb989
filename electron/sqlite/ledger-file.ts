import Database from 'better-sqlite3'
import { HearthError } from '../../agent/contract/errors.ts'
import type { ReleaseLink } from '../../agent/contract/releases/release.ts'
import type { Finding, LedgerEntry, LedgerQuery, LedgerStore, Note } from '../core/ledger/ledger-store.ts'
import { conditionsOf, parametersOf } from './ledger-search.ts'
import { migrations } from './migrations.ts'

const linkColumns = [
  'app_id',
  'version',
  'release_id',
  'description',
  'user',
  'created_at',
  'slug_id',
  'slug_checksum',
  '"commit"',
  'config_digest',
  'config_salt',
  'previous_hash',
  'hash',
  'signature',
].join(', ')

const placeholders = linkColumns
  .split(', ')
  .map(() => '?')
  .join(', ')

const listedColumns = `server_id, ${linkColumns},
  ${newestName('server', 'server_id')} AS serverName, ${newestName('app', 'app_id')} AS appName`

type ListedRow = ReleaseLink & { server_id: string; serverName: string; appName: string }

/** Opens the ledger's file, making or migrating it. Every write is on the disk before it returns. */
export function openLedgerFile(path: string): LedgerStore {
  const database = new Database(path)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  // REPLACE would remove a row without the delete trigger's word otherwise.
  database.pragma('recursive_triggers = ON')
  migrate(database, path)
  return new LedgerFile(database)
}

export function migrate(database: Database.Database, path: string): void {
  const done = Number(database.pragma('user_version', { simple: true }))
  if (done > migrations.length) {
    database.close()
    throw new HearthError('conflict', `${path} was written by a newer Hearth. Install that version again.`)
  }
  for (const [index, step] of migrations.entries()) {
    if (index < done) continue
    database.transaction(() => {
      database.exec(step)
      database.pragma(`user_version = ${index + 1}`)
    })()
  }
}

class LedgerFile implements LedgerStore {
  readonly #database: Database.Database

  constructor(database: Database.Database) {
    this.#database = database
  }

  links(serverId: string, appId: string): ReleaseLink[] {
    return this.#all<ReleaseLink>(
      `SELECT ${linkColumns} FROM links WHERE server_id = ? AND app_id = ? ORDER BY version`,
      serverId,
      appId,
    )
  }

  /** Another process may have copied the same link meanwhile; another link under its number is refused. */
  append(serverId: string, links: readonly ReleaseLink[]): void {
    const find = this.#database.prepare('SELECT hash FROM links WHERE server_id = ? AND app_id = ? AND version = ?')
    const insert = this.#database.prepare(`INSERT INTO links (server_id, ${linkColumns}) VALUES (?, ${placeholders})`)
    const transaction = this.#database.transaction(() => {
      for (const link of links) {
        const known = find.get(serverId, link.app_id, link.version) as { hash: string } | undefined
        if (known?.hash !== link.hash) insert.run(serverId, ...valuesOf(link))
      }
    })
    transaction.immediate()
  }

  noteName(kind: 'server' | 'app', id: string, name: string): void {
    const [last] = this.#all<{ name: string }>(
      'SELECT name FROM names WHERE kind = ? AND id = ? ORDER BY sequence DESC LIMIT 1',
      kind,
      id,
    )
    if (last?.name !== name) this.#run('INSERT INTO names (kind, id, name) VALUES (?, ?, ?)', kind, id, name)
  }

  noteServerKey(serverId: string, publicKey: string): string {
    const known = this.serverKey(serverId)
    if (known !== null) return known
    this.#run(
      'INSERT INTO server_keys (server_id, public_key) VALUES (?, ?) ON CONFLICT DO NOTHING',
      serverId,
      publicKey,
    )
    return this.serverKey(serverId) ?? publicKey
  }

  serverKey(serverId: string): string | null {
    const [row] = this.#all<{ public_key: string }>('SELECT public_key FROM server_keys WHERE server_id = ?', serverId)
    return row?.public_key ?? null
  }

  noteFinding(finding: Finding): void {
    const { kind, serverId, appId, version, message, foundAt } = finding
    const same = this.#all(
      'SELECT 1 FROM findings WHERE kind = ? AND server_id = ? AND app_id = ? AND version IS ? AND message = ?',
      kind,
      serverId,
      appId,
      version,
      message,
    )
    if (same.length > 0) return
    this.#run(
      'INSERT INTO findings (kind, server_id, app_id, version, message, found_at) VALUES (?, ?, ?, ?, ?, ?)',
      kind,
      serverId,
      appId,
      version,
      message,
      foundAt,
    )
  }

  findings(): Finding[] {
    return this.#all<Finding>(
      `SELECT kind, server_id AS serverId, app_id AS appId, version, message, found_at AS foundAt
       FROM findings ORDER BY sequence DESC`,
    )
  }

  addNote({ serverId, appId, version, text, writtenAt }: Note): void {
    const sql = 'INSERT INTO notes (server_id, app_id, version, text, written_at) VALUES (?, ?, ?, ?, ?)'
    this.#run(sql, serverId, appId, version, text, writtenAt)
  }

  notes(): Note[] {
    return this.#all<Note>(
      `SELECT server_id AS serverId, app_id AS appId, version, text, written_at AS writtenAt
       FROM notes ORDER BY sequence`,
    )
  }

  list(query: LedgerQuery): LedgerEntry[] {
    const parameters = parametersOf(query)
    let rows: ListedRow[] = []
    for (const condition of conditionsOf(query)) {
      const sql = `SELECT ${listedColumns} FROM links WHERE ${condition} ORDER BY created_at DESC, version DESC`
      rows = this.#all<ListedRow>(sql, parameters)
      if (rows.length === query.limit) break
    }
    return rows.map(({ server_id: serverId, serverName, appName, ...link }) => {
      return { serverId, serverName, appId: link.app_id, appName, link }
    })
  }

  hasConfigVars(serverId: string, appId: string, version: number): boolean {
    return this.configVars(serverId, appId, version) !== null
  }

  putConfigVars(serverId: string, appId: string, version: number, sealed: Uint8Array): void {
    const values = '(server_id, app_id, version, sealed) VALUES (?, ?, ?, ?)'
    // Both copies were checked against the link's digest.
    const sql = `INSERT INTO config_vars ${values} ON CONFLICT DO NOTHING`
    this.#run(sql, serverId, appId, version, Buffer.from(sealed))
  }

  configVars(serverId: string, appId: string, version: number): Uint8Array | null {
    const [row] = this.#all<{ sealed: Buffer }>(
      'SELECT sealed FROM config_vars WHERE server_id = ? AND app_id = ? AND version = ?',
      serverId,
      appId,
      version,
    )
    return row?.sealed ?? null
  }

  putSlugFiles(serverId: string, checksum: string, packed: Uint8Array): void {
    const sql = 'INSERT INTO slug_files (server_id, checksum, packed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
    this.#run(sql, serverId, checksum, Buffer.from(packed))
  }

  slugFiles(serverId: string, checksum: string): Uint8Array | null {
    const sql = 'SELECT packed FROM slug_files WHERE server_id = ? AND checksum = ?'
    return this.#all<{ packed: Buffer }>(sql, serverId, checksum)[0]?.packed ?? null
  }

  close(): void {
    this.#database.close()
  }

  #all<Row>(sql: string, ...parameters: unknown[]): Row[] {
    return this.#database.prepare(sql).all(...parameters) as Row[]
  }

  #run(sql: string, ...parameters: unknown[]): void {
    this.#database.prepare(sql).run(...parameters)
  }
}

function newestName(kind: 'server' | 'app', column: string): string {
  return `COALESCE((SELECT name FROM names WHERE kind = '${kind}' AND id = ${column} ORDER BY sequence DESC LIMIT 1), '')`
}

function valuesOf(link: ReleaseLink): unknown[] {
  return linkColumns.split(', ').map((column) => link[column.replaceAll('"', '') as keyof ReleaseLink])
}
