import type { Role } from '../../contract/access/role.ts'
import { type EndpointName, endpoints } from '../../contract/endpoints.ts'
import { HearthError, notFound } from '../../contract/errors.ts'
import { suffices } from '../../core/authority.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { CallName, CallRequest, Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp } from '../find.ts'
import type { People } from './people.ts'

type Access = Pick<Context, 'store' | 'people' | 'machine'>

export interface Request {
  readonly name: EndpointName
  readonly parameters: Readonly<Record<string, string>>
  /** Once it is read; fields of it may need more than the path does. */
  readonly body?: unknown
}

/** The one door of the API: throws unless whoever asks may do this. */
export function authorize(context: Access, caller: Caller, { name, parameters, body }: Request): void {
  const { needs, fieldNeeds } = endpoints[name]
  switch (needs) {
    case 'anyone':
    case 'sealed':
      return
    case 'server view':
    case 'server deploy':
    case 'server operate':
    case 'server manage':
      requireServerRole(context, caller, needs.slice('server '.length) as Role)
      return
    default: {
      const app = findVisibleApp(context, caller, parameters.app ?? '')
      for (const role of [needs, ...neededByFields(fieldNeeds, body)]) requireAppRole(context, caller, app, role)
    }
  }
}

/** Every call behind that door, with its fields: whoever holds `Calls` can't go around it. */
export function guardCalls(context: Access, calls: Calls): Calls {
  const guarded = Object.entries(calls).map(([name, call]) => {
    const answer = call as (request: CallRequest<CallName>) => Promise<unknown>
    const guard = async (request: CallRequest<CallName>) => {
      authorize(context, request.actor, { ...request, name: name as CallName })
      return answer(request)
    }
    return [name, guard]
  })
  return Object.fromEntries(guarded) as Calls
}

/** What somebody may not see is not there: an app's name is told to nobody who has no role on it. */
export function findVisibleApp({ store, people }: Access, caller: Caller, identity: string): AppRow {
  const app = findApp(store, identity)
  if (people.roleOf(caller, app.id) === null) throw notFound('app', identity)
  return app
}

export function listVisibleApps({ store, people }: Access, caller: Caller): AppRow[] {
  return store.apps.list().filter(({ id }) => people.roleOf(caller, id) !== null)
}

export function requireAppRole({ people }: Access, caller: Caller, app: AppRow, needed: Role): void {
  const held = people.roleOf(caller, app.id)
  if (!suffices(held, needed))
    throw forbidden(caller, { held, needed, place: app.name, givers: managersOf(people, app.id) })
}

export function requireServerRole({ people, machine }: Access, caller: Caller, needed: Role): void {
  const held = people.roleOf(caller, null)
  if (suffices(held, needed)) return
  const place = `the server ${machine.facts.name}`
  throw forbidden(caller, { held, needed, place, givers: managersOf(people, null) })
}

/** Who may give roles there, by e-mail-like names. */
export function managersOf(people: People, appId: string | null): string[] {
  return people
    .list()
    .filter(({ authority, keys }) => {
      const held = appId === null ? authority.server : (authority.apps.get(appId) ?? null)
      return keys.length > 0 && (held === 'manage' || authority.server === 'manage')
    })
    .map(({ email }) => email)
}

interface Refusal {
  readonly held: Role | null
  readonly needed: Role
  readonly place: string
  readonly givers: readonly string[]
}

function forbidden(caller: Caller, { held, needed, place, givers }: Refusal): HearthError {
  const has = held === null ? 'has none there' : `has the role ${held}`
  const who =
    givers.length > 0 ? `${joinWords(givers.slice(0, 3))} can give it` : 'Whoever is root on the server can give it'
  return new HearthError('forbidden', `That needs the role ${needed} on ${place}; ${caller.email} ${has}. ${who}.`)
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function neededByFields(fieldNeeds: Readonly<Record<string, Role | undefined>>, body: unknown): Role[] {
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(fieldNeeds).flatMap(([field, role]) =>
    role !== undefined && Object.hasOwn(body, field) ? [role] : [],
  )
}
