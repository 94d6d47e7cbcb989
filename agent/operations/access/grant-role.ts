import type { Role } from '../../contract/access/role.ts'
import { HearthError } from '../../contract/errors.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow } from '../../core/ports/store.ts'
import { type Context, timestamp } from '../context.ts'
import { act } from './act.ts'
import { createPerson } from './let-in.ts'
import type { Person } from './people.ts'

export interface Grant {
  readonly actor: Caller
  /** An e-mail-like name or an id. */
  readonly user: string
  /** Null: the whole server. */
  readonly app: AppRow | null
  /** Without one, what they have there stays, or else they get `otherwise`. */
  readonly role: Role | undefined
  readonly otherwise: Role
  readonly publicKey: string | undefined
}

/** Gives somebody a role; with a public key somebody new, who is let in by it. */
export async function grantRole(context: Context, grant: Grant): Promise<Person> {
  const { people } = context
  const { actor, app, user, publicKey } = grant
  const known = people.find(user)
  if (!known) {
    if (publicKey === undefined) throw unknown(context, user)
    const role = grant.role ?? grant.otherwise
    const give = (personId: string) => putRole(context, { actor, personId, app, role })
    const person = await createPerson(context, { actor, user, publicKey, give })
    tell(context, { actor, app }, logTexts.roleGiven(person.email, role))
    return person
  }
  if (publicKey !== undefined) refuseForeignKey(context, known, publicKey)
  const role = grant.role ?? roleAt(known, app) ?? grant.otherwise
  setRole(context, { actor, person: known, app, role })
  return people.require(known.id)
}

/** Changes somebody's role in one place, or with null takes it away. */
export function setRole(
  context: Context,
  { actor, person, app, role }: { actor: Caller; person: Person; app: AppRow | null; role: Role | null },
): void {
  const { people, store } = context
  if (role === roleAt(person, app)) return
  if (app === null && role !== 'manage') refuseLastManager(context, person)
  people.change(() => {
    if (role === null) store.people.removeGrant(person.id, app?.id ?? null)
    else putRole(context, { actor, personId: person.id, app, role })
  })
  const { email } = person
  tell(context, { actor, app }, role === null ? logTexts.roleTaken(email) : logTexts.roleGiven(email, role))
}

/** Whoever shows roles is to look again, whichever they see. */
export function tell(context: Context, deed: { actor: Caller; app: AppRow | null }, what: string): void {
  act(context, deed, what)
  context.events.changed('access', null)
}

function roleAt({ grants }: Person, app: AppRow | null): Role | null {
  return grants.find(({ appId }) => appId === (app?.id ?? null))?.role ?? null
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
  { actor, personId, app, role }: { actor: Caller; personId: string; app: AppRow | null; role: Role },
): void {
  const appId = app?.id ?? null
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
