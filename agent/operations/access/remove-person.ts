import { HearthError, notFound } from '../../contract/errors.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { KeyRow } from '../../core/ports/access/people-store.ts'
import { type Context, timestamp } from '../context.ts'
import { refuseLastManager, tell } from './grant-role.ts'
import { fingerprintOf, keyUuid } from './key-names.ts'
import { requireLoginKeys, takeOut } from './let-in.ts'
import type { Person } from './people.ts'

/** Ends all that somebody may do here: their roles, keys, tokens and open connections. */
export async function removePerson(context: Context, person: Person, actor: Caller): Promise<void> {
  const { people, store } = context
  requireLoginKeys(context)
  refuseLastManager(context, person)
  const remove = store.people.listKeys().filter(({ personId }) => personId === person.id)
  people.change(() => store.people.remove(person.id, timestamp(context)))
  tell(context, { actor, app: null }, logTexts.roleTaken(person.email))
  await takeOut(
    context,
    remove.map(({ id }) => id),
  )
}

/** Takes one of several keys from somebody, not the one that they come with; what came by it ends. */
export async function removeKey(
  context: Context,
  { actor, person, key }: { actor: Caller; person: Person; key: KeyRow },
): Promise<void> {
  const { people, store } = context
  if (person.keys.length < 2) {
    throw new HearthError(
      'invalid_params',
      `It is the only key by which ${person.email} gets in. Add another one first, or have the person removed.`,
    )
  }
  // Whoever clears their keys (`heroku keys:clear`) must not be the one who is out.
  if (key.id === actor.keyId) {
    throw new HearthError(
      'invalid_params',
      'It is the key that you have come with. Another key of yours removes it, or whoever manages the server.',
    )
  }
  people.change(() => store.people.removeKey(key.id, timestamp(context)))
  tell(context, { actor, app: null }, logTexts.keyRemoved(person.email, fingerprintOf(key)))
  await takeOut(context, [key.id])
}

/** By id or fingerprint. */
export function findKey(context: Context, { keys }: Person, identity: string): KeyRow {
  const found = keys.find((key) => keyUuid(context, key) === identity || fingerprintOf(key) === identity)
  if (!found) throw notFound('key', identity)
  return found
}
