import { HearthError } from '../../contract/errors.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import { act } from './act.ts'
import { requireAppRole } from './authorize.ts'
import { setRole } from './grant-role.ts'
import type { Person } from './people.ts'
import { removePerson } from './remove-person.ts'

/** Takes somebody's role on an app away. Whoever has no other role is removed from the server with it. */
export async function removeCollaborator(
  context: Context,
  { actor, app, person }: { actor: Caller; app: AppRow; person: Person },
): Promise<void> {
  // Everybody may leave.
  if (person.id !== actor.id) requireAppRole(context, actor, app, 'manage')
  if (!person.grants.some(({ appId }) => appId === app.id)) {
    throw new HearthError(
      'invalid_params',
      `${person.email} may use ${app.name} by the role ${person.authority.server} on the whole server: change that one.`,
    )
  }
  if (person.grants.length > 1) setRole(context, { actor, person, app, role: null })
  else {
    act(context, { app, actor }, logTexts.roleTaken(person.email))
    await removePerson(context, person, actor)
  }
}
