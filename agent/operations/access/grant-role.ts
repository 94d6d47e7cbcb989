import { HearthError } from '../../contract/errors.ts'
import type { Role } from '../../contract/role.ts'
import type { Caller } from '../../core/ports/actor.ts'
import { type Context, timestamp } from '../context.ts'
import { createPerson } from './let-in.ts'
import type { Person } from './people.ts'

export interface Grant {
  readonly actor: Caller
  /** An e-mail-like name or an id. */
  readonly user: string
  /** Null: the whole server. */
  readonly appId: string | null
  /** Without one, what they have there stays, or else they get `otherwise`. */
  readonly role: Role | undefined
  readonly otherwise: Role
  readonly publicKey: string | undefined
}

/** Gives somebody a role; with a public key somebody new, who is let in by it. */
export async function grantRole(context: Context, grant: Grant): Promise<Person> {
  const { people } = context
  const { actor, user, publicKey } = grant
  const known = people.find(user)
  if (!known) {
    if (publicKey === undefined) throw unknown(context, user)
    const give = (personId: string) => putRole(context, { ...grant, personId, role: grant.role ?? grant.otherwise })
    const person = await createPerson(context, { actor, user, publicKey, give })
    context.events.changed('access', null)
    return person
  }
  if (publicKey !== undefined) refuseForeignKey(context, known, publicKey)
  const held = known.grants.find(({ appId }) => appId === grant.appId)?.role
  setRole(context, { actor, person: known, appId: grant.appId, role: grant.role ?? held ?? grant.otherwise })
  return people.require(known.id)
}

/** Changes somebody's role in one place, or with null takes it away. */
export function setRole(
  context: Context,
  { actor, person, appId, role }: { actor: Caller; person: Person; appId: string | null; role: Role | null },
): void {
  const { people, store, events } = context
  if (appId === null && role !== 'manage') refuseLastManager(context, person)
  people.change(() => {
    if (role === null) store.people.removeGrant(person.id, appId)
    else putRole(context, { actor, personId: person.id, appId, role })
  })
  events.changed('access', null)
}

/** A server that nobody manages could be put right by root alone. */
export function refuseLastManager({ people, machine }: Context, person: Person): void {
  const manages = ({ authority, keys }: Person) => authority.server === 'manage' && keys.length > 0
  if (!manages(person) || people.list().some((other) => other.id !== person.id && manages(other))) return
  throw new HearthError(
    'invalid_params',
    `${person.email} is the only one who manages the server ${machine.facts.name}. Let somebody else manage it first.`,
  )
}

export function putRole(
  context: Context,
  { actor, personId, appId, role }: { actor: Caller; personId: string; appId: string | null; role: Role },
): void {
  const now = timestamp(context)
  const grantedBy = { id: actor.id, email: actor.email }
  context.store.people.putGrant({ personId, appId, role, grantedBy, createdAt: now, updatedAt: now })
}

/** Whoever could add a key to somebody else would be them from then on. */
function refuseForeignKey({ loginKeys }: Context, { email, keys }: Person, publicKey: string): void {
  const key = loginKeys?.parse(publicKey)
  if (keys.some(({ id }) => id === key?.id)) return
  const how =
    keys.length > 0
      ? `Leave the key out; ${email} can add it: heroku keys:add, or hearth keys add.`
      : `Root took these out, so remove ${email} from the server before letting them in by a new one.`
  throw new HearthError('invalid_params', `The server knows ${email} already, by other keys. ${how}`)
}

function unknown({ machine }: Context, user: string): HearthError {
  const { name } = machine.facts
  const how = `hearth access add ${user} --key FILE.pub`
  return new HearthError(
    'not_found',
    `The server ${name} knows nobody called ${user}. Let them in by their SSH key: ${how}.`,
    {
      resource: 'account',
    },
  )
}
