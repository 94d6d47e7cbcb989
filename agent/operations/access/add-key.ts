import { HearthError } from '../../contract/errors.ts'
import { limits } from '../../core/limits.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { KeyRow } from '../../core/ports/access/people-store.ts'
import { type Context, timestamp } from '../context.ts'
import { tell } from './grant-role.ts'
import { fingerprintOf } from './key-names.ts'
import { letIn, refuseTaken, requireLoginKeys } from './let-in.ts'
import type { Person } from './people.ts'

/** Another key of whoever asks. The key says who they are from then on, so nobody adds one to somebody else. */
export async function addKey(context: Context, actor: Caller, publicKey: string): Promise<KeyRow> {
  const { people, store } = context
  const key = requireLoginKeys(context).parse(publicKey)
  const person = requirePerson(context, actor)
  const known = person.keys.find(({ id }) => id === key.id)
  if (known) return known
  // Root may have taken the line out by hand.
  const isOwn = store.people.listKeys().some(({ id, personId }) => id === key.id && personId === person.id)
  if (!isOwn) refuseTaken(context, key)
  if (person.keys.length >= limits.keysPerPerson) {
    throw new HearthError('invalid_params', `You have ${limits.keysPerPerson} keys here, which is the limit.`)
  }
  const addedBy = { id: actor.id, email: actor.email }
  const row: KeyRow = { ...key, personId: person.id, addedBy, createdAt: timestamp(context) }
  await letIn(context, key, {
    note: () => isOwn || store.people.insertKey(row),
    undo: () => isOwn || store.people.removeKey(key.id, timestamp(context)),
  })
  tell(context, { actor, app: null }, logTexts.keyAdded(person.email, fingerprintOf(key)))
  return people.require(person.id).keys.find(({ id }) => id === key.id) ?? row
}

/** Whoever came by a key of their own; root and the user of this computer have none here. */
export function requirePerson(context: Context, actor: Caller): Person {
  requireLoginKeys(context)
  const person = actor.keyId === null ? null : context.people.find(actor.id)
  if (!person) throw new HearthError('invalid_params', `${actor.email} is known by no SSH key here.`)
  return person
}
