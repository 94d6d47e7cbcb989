import { HearthError } from '../../contract/errors.ts'
import { limits } from '../../core/limits.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

/** Of the one-off dynos that people run; a release phase is none of them. */
export function refuseTooManyOneOffs({ store }: Pick<Context, 'store'>, app: AppRow): void {
  const { oneOffDynosPerApp: limit } = limits
  if (store.dynos.list(app.id).filter(({ kind }) => kind === 'run').length < limit) return
  const message = `${app.name} has ${limit} one-off dynos, as many as an app may have. Stop some, or wait until they end.`
  throw new HearthError('invalid_params', message)
}
