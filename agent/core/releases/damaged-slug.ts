import { HearthError } from '../../contract/errors.ts'

/** A slug's files are not those that were built (R17): nothing of it is started. */
export class DamagedSlug extends HearthError {
  /** `SHA256:<hex>` */
  readonly expected: string
  /** Null where there is nothing that could be read. */
  readonly actual: string | null

  constructor(message: string, { expected, actual }: { expected: string; actual: string | null }) {
    super('internal', message)
    this.expected = expected
    this.actual = actual
  }
}
