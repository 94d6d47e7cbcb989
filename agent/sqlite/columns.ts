import type { Columns, Parameters } from './database.ts'

/** `createdAt` -> `created_at`. Booleans become 0 and 1, arrays and objects JSON. */
export function toColumns(row: object): Parameters {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      typeof value === 'boolean' ? Number(value) : isStructure(value) ? JSON.stringify(value) : value,
    ]),
  )
}

function isStructure(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** Reads columns of known types; a column of another type is a damaged file. */
export class RowReader {
  readonly #columns: Columns

  constructor(columns: Columns) {
    this.#columns = columns
  }

  text(name: string): string {
    const value = this.#columns[name]
    if (typeof value !== 'string') throw new TypeError(`The column ${name} holds no text.`)
    return value
  }

  /** Text of a closed set; the program wrote it itself. */
  word<Word extends string>(name: string): Word {
    return this.text(name) as Word
  }

  optionalNumber(name: string): number | null {
    return this.#columns[name] === null ? null : this.number(name)
  }

  optionalText(name: string): string | null {
    return this.#columns[name] === null ? null : this.text(name)
  }

  number(name: string): number {
    const value = this.#columns[name]
    if (typeof value !== 'number') throw new TypeError(`The column ${name} holds no number.`)
    return value
  }

  flag(name: string): boolean {
    return this.number(name) === 1
  }

  json<T>(name: string): T {
    return JSON.parse(this.text(name)) as T
  }

  bytes(name: string): Uint8Array {
    const value = this.#columns[name]
    if (!(value instanceof Uint8Array)) throw new TypeError(`The column ${name} holds no bytes.`)
    return value
  }

  /** `<prefix>_id` and `<prefix>_email` */
  actor(prefix: string): { id: string; email: string } {
    return { id: this.text(`${prefix}_id`), email: this.text(`${prefix}_email`) }
  }

  optionalActor(prefix: string): { id: string; email: string } | null {
    return this.optionalText(`${prefix}_id`) === null ? null : this.actor(prefix)
  }
}

/** Maps one row, if there is one. */
export function readOne<Row>(columns: Columns | null, read: (row: RowReader) => Row): Row | null {
  return columns ? read(new RowReader(columns)) : null
}

export function readAll<Row>(columns: readonly Columns[], read: (row: RowReader) => Row): Row[] {
  return columns.map((one) => read(new RowReader(one)))
}
