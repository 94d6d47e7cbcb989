import { chmodSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { explainDisk } from './disk-error.ts'
import { migrations } from './migrations.ts'

export type Parameters = Record<string, SQLInputValue>
export type Columns = Record<string, SQLOutputValue>

export interface DatabaseOptions {
  /** Version N is what the first N of them make. */
  readonly migrations: readonly string[]
  /** False where the last half minute may be lost with the machine's power, for a file that is written all the time. */
  readonly isDurable: boolean
}

const stateOptions: DatabaseOptions = { migrations, isDurable: true }

/** One SQLite file, brought up to date when opened; the agent's state unless told otherwise. */
export class Database {
  readonly #database: DatabaseSync
  readonly #path: string
  readonly #statements = new Map<string, StatementSync>()
  #depth = 0

  constructor(path: string, options: DatabaseOptions = stateOptions) {
    this.#database = new DatabaseSync(path)
    this.#path = path
    // What SQLite puts beside it gets the same mode.
    if (path !== ':memory:') chmodSync(path, 0o600)
    // FULL: a release that was answered for must survive the machine's power going off.
    this.#database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = ${options.isDurable ? 'FULL' : 'NORMAL'};
      PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;`)
    try {
      migrate(this.#database, options.migrations)
    } catch (error) {
      this.#database.close()
      throw error
    }
  }

  run(sql: string, parameters: Parameters = {}): void {
    this.#explaining(() => this.#prepare(sql).run(parameters))
  }

  get(sql: string, parameters: Parameters = {}): Columns | null {
    return this.#explaining(() => this.#prepare(sql).get(parameters) ?? null)
  }

  all(sql: string, parameters: Parameters = {}): Columns[] {
    return this.#explaining(() => this.#prepare(sql).all(parameters))
  }

  /** Inserts one row; the keys are the columns. */
  insert(table: string, row: Parameters): void {
    const names = Object.keys(row)
    const columns = names.map((name) => `"${name}"`).join(', ')
    this.run(`INSERT INTO ${table} (${columns}) VALUES (${names.map((name) => `:${name}`).join(', ')})`, row)
  }

  /** Changes columns of one row; the keys are the columns. */
  update(table: string, id: string, change: Parameters): void {
    const names = Object.keys(change)
    if (names.length === 0) return
    const assignments = names.map((name) => `"${name}" = :${name}`).join(', ')
    this.run(`UPDATE ${table} SET ${assignments} WHERE id = :id`, { ...change, id })
  }

  transaction<T>(change: () => T): T {
    if (this.#depth > 0) return change()
    this.#explaining(() => this.#database.exec('BEGIN IMMEDIATE'))
    this.#depth += 1
    try {
      const result = change()
      if (result instanceof Promise) throw new TypeError('A transaction must be synchronous.')
      this.#explaining(() => this.#database.exec('COMMIT'))
      return result
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    } finally {
      this.#depth -= 1
    }
  }

  close(): void {
    this.#statements.clear()
    if (this.#database.isOpen) this.#database.close()
  }

  /** A disk that is full or fails: the one failure of the state that users can do something about. */
  #explaining<T>(use: () => T): T {
    try {
      return use()
    } catch (cause) {
      throw explainDisk(cause, this.#path)
    }
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

/** Applies the steps that the file lacks, each in a transaction of its own. */
export function migrate(database: DatabaseSync, steps: readonly string[]): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0)
  if (version > steps.length) {
    throw new Error(
      `The state is of version ${version}, this agent knows up to ${steps.length}. Install the newer agent again.`,
    )
  }
  for (const [index, step] of steps.slice(version).entries()) {
    try {
      database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${version + index + 1}; COMMIT;`)
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
}
