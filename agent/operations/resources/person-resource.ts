import type { Key } from '../../contract/access/key.ts'
import type { PersonKey, Person as PersonResource } from '../../contract/access/person.ts'
import type { KeyRow } from '../../core/ports/access/people-store.ts'
import { fingerprintOf, keyUuid } from '../access/key-names.ts'
import type { Person } from '../access/people.ts'
import type { Context } from '../context.ts'

export function personResource(context: Context, { id, email, createdAt, keys, grants }: Person): PersonResource {
  const onServer = grants.find(({ appId }) => appId === null)
  return {
    id,
    email,
    role: onServer?.role ?? null,
    granted_by: onServer?.grantedBy ?? null,
    apps: grants.flatMap(({ appId, role }) => {
      const app = appId === null ? null : context.store.apps.byId(appId)
      return app ? [{ app: { id: app.id, name: app.name }, role }] : []
    }),
    keys: keys.map((key) => personKeyResource(context, key)),
    created_at: createdAt,
  }
}

export function personKeyResource(context: Context, row: KeyRow): PersonKey {
  const { type, comment, createdAt, addedBy } = row
  return {
    id: keyUuid(context, row),
    type,
    fingerprint: fingerprintOf(row),
    comment,
    created_at: createdAt,
    added_by: addedBy,
  }
}

/** As Heroku shows it to its owner. */
export function keyResource(context: Context, row: KeyRow): Key {
  const { type, blob, comment, createdAt } = row
  return {
    comment,
    created_at: createdAt,
    email: comment,
    fingerprint: fingerprintOf(row),
    id: keyUuid(context, row),
    public_key: `${type} ${blob} ${comment}`.trimEnd(),
    updated_at: createdAt,
  }
}
