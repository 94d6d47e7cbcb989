import { createHash } from 'node:crypto'
import type { Collaborator } from '../../contract/access/collaborator.ts'
import { type Role, roles } from '../../contract/access/role.ts'
import { roleOnApp, suffices } from '../../core/authority.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Person } from '../access/people.ts'
import type { Context } from '../context.ts'
import { missing } from '../find.ts'
import { grantOn, usersOf } from './access-resource.ts'

const descriptions: Record<Role, string> = {
  view: 'Can see the app, its logs and its history, but not the values of config vars.',
  deploy: 'Can deploy, roll back, and read and change config vars.',
  operate: 'Can scale, restart and run dynos, and change domains and maintenance.',
  manage: 'Can rename and destroy the app, and say who may use it.',
}

export function collaboratorResource(app: AppRow, person: Person): Collaborator {
  const role = roleOnApp(person.authority, app.id)
  const grant = grantOn(app, person)
  return {
    app: { id: app.id, name: app.name },
    created_at: grant?.createdAt ?? person.createdAt,
    id: collaboratorId(app, person),
    permissions: roles
      .filter((name) => suffices(role, name))
      .map((name) => ({ name, description: descriptions[name] })),
    role: person.id === app.owner.id ? 'owner' : role === 'manage' ? 'admin' : 'collaborator',
    updated_at: grant?.updatedAt ?? person.createdAt,
    user: { email: person.email, federated: false, id: person.id },
  }
}

/** By the collaborator's id, or the person's id or e-mail-like name. */
export function findCollaborator(context: Context, app: AppRow, identity: string): Person {
  const user = context.people.find(identity)
  const found = usersOf(context, app).find((one) => one.id === user?.id || collaboratorId(app, one) === identity)
  return found ?? missing('collaborator', identity)
}

/** Of this person on this app: always the same UUID (version 8: made by a rule of our own). */
function collaboratorId(app: AppRow, person: Person): string {
  const hex = createHash('sha256').update(`collaborator ${app.id} ${person.id}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
