import type { Actor } from '../../core/ports/access/actor.ts'

/** Who it was; what else is known of a caller is nobody's business. */
export function userReference({ id, email }: Actor): { id: string; email: string } {
  return { id, email }
}
