import type { AppAccess, ServerAccess } from '../../contract/access/access.ts'
import type { Role } from '../../contract/access/role.ts'
import { roleOnApp } from '../../core/authority.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow } from '../../core/ports/store.ts'
import { listVisibleApps, managersOf } from '../access/authorize.ts'
import type { Person } from '../access/people.ts'
import type { Context } from '../context.ts'
import { personKeyResource } from './person-resource.ts'
import { userReference } from './user-reference.ts'

export function serverAccessResource(context: Context, caller: Caller): ServerAccess {
  const { people, loginKeys } = context
  return {
    user: userReference(caller),
    role: people.roleOf(caller, null),
    apps: listVisibleApps(context, caller).map(({ id, name }) => {
      return { app: { id, name }, role: people.roleOf(caller, id) as Role }
    }),
    managers: managersOf(people, null),
    has_people: loginKeys !== null,
  }
}

export function appAccessResource(context: Context, caller: Caller, app: AppRow): AppAccess {
  const { people } = context
  return {
    app: { id: app.id, name: app.name },
    role: people.roleOf(caller, app.id) as Role,
    people: usersOf(context, app).map((person) => appPerson(context, app, person)),
  }
}

/** Everybody who may at least see the app. */
export function usersOf({ people }: Context, app: AppRow): Person[] {
  return people.list().filter(({ authority }) => roleOnApp(authority, app.id) !== null)
}

function appPerson(context: Context, app: AppRow, person: Person): AppAccess['people'][number] {
  const { authority, keys } = person
  const role = roleOnApp(authority, app.id) as Role
  const grant = grantOn(app, person)
  return {
    user: userReference(person),
    role,
    app_role: authority.apps.get(app.id) ?? null,
    server_role: authority.server,
    granted_by: grant?.grantedBy ?? null,
    created_at: grant?.createdAt ?? person.createdAt,
    keys: keys.map((key) => personKeyResource(context, key)),
  }
}

/** The one that counts: of the same role on both, the app's own. */
export function grantOn(app: AppRow, { grants, authority }: Person) {
  const role = roleOnApp(authority, app.id)
  const own = grants.find(({ appId }) => appId === app.id)
  return own?.role === role ? own : grants.find(({ appId }) => appId === null)
}
