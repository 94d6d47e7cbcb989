import { releaseType } from '../../contract/dynos/formation.ts'
import { HearthError } from '../../contract/errors.ts'
import { limits } from '../limits.ts'
import { defaultDynoSize, dynoSizes, findSize } from './dyno-size.ts'

export interface FormationEntry {
  readonly type: string
  readonly quantity: number
  readonly size: string
}

/** What a process type has before anyone scaled it: one web dyno, none of the others. */
export function defaultEntry(type: string): FormationEntry {
  return { type, quantity: type === 'web' ? 1 : 0, size: defaultDynoSize }
}

/** `3` and `"3"` are absolute, `"+1"` and `"-1"` relative. */
export function resolveQuantity(current: number, quantity: number | string): number {
  const isRelative = typeof quantity === 'string' && /^[+-]/.test(quantity)
  const result = isRelative ? current + Number(quantity) : Number(quantity)
  if (!Number.isInteger(result) || result < 0 || result > limits.dynosPerProcessType) {
    throw new HearthError(
      'invalid_params',
      `A quantity of ${quantity} would make ${result} dynos; it must end between 0 and ${limits.dynosPerProcessType}.`,
    )
  }
  return result
}

/** Throws `invalid_params` with what there is. */
export function resolveSize(name: string): string {
  const size = findSize(name)
  if (size !== null) return size
  const sizes = Object.entries(dynoSizes).map(([own, { memoryBytes }]) => `${own} (${memoryBytes / 1024 ** 2} MB)`)
  throw new HearthError(
    'invalid_params',
    `There is no dyno size "${name}". The sizes of this server are ${sizes.join(', ')}; Heroku's up to performance-m stand for them.`,
  )
}

/** In Heroku's words, and with what there is. */
export function unknownType(type: string, types: readonly string[]): HearthError {
  const message = `Couldn't find that process type (${type}). The release that serves has: ${types.join(', ') || 'none'}.`
  return new HearthError('not_found', message, { resource: 'process type' })
}

/** The process types that can be scaled, each with its entry, `web` first. */
export function completeFormation(
  processTypes: Readonly<Record<string, string>>,
  entries: readonly FormationEntry[],
): FormationEntry[] {
  const types = Object.keys(processTypes).filter((type) => type !== releaseType)
  types.sort((a, b) => Number(b === 'web') - Number(a === 'web') || (a < b ? -1 : 1))
  return types.map((type) => entries.find((entry) => entry.type === type) ?? defaultEntry(type))
}
