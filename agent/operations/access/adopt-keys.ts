import { randomUUID } from 'node:crypto'
import type { LoginKey, LoginKeys } from '../../core/ports/access/login-keys.ts'
import type { PeopleStore } from '../../core/ports/access/people-store.ts'
import type { PeoplePorts } from './people.ts'

/**
 * Takes note of keys in `authorized_keys` that have no record: root put them there, and whoever has one manages the
 * whole server. A key that was removed here and is back (a removal that a crash cut short, an editor that had the old
 * file open) is taken out again, unless root let it in by `keys add` since.
 */
export function adoptKeys(ports: PeoplePorts & { loginKeys: LoginKeys }, keys: readonly LoginKey[]): void {
  const { store, loginKeys, report } = ports
  const { people } = store
  const known = new Set(people.listKeys().map(({ id }) => id))
  const removed = people.removedKeys()
  const [stale, fresh] = partition(
    [...new Map(keys.map((key) => [key.id, key])).values()].filter(({ id }) => !known.has(id)),
    (key) => isStale(key, removed.get(key.id)),
  )
  store.transaction(() => {
    for (const key of fresh) adopt(ports, key)
  })
  if (stale.length === 0) return
  const remove = stale.map(({ id }) => id)
  loginKeys
    .change({ remove, add: [] })
    .catch((error: unknown) => report(`taking the removed SSH keys ${remove.join(', ')} out again failed`, error))
}

function isStale({ letInAt }: LoginKey, removedAt: string | undefined): boolean {
  return removedAt !== undefined && !(letInAt !== null && Date.parse(letInAt) > Date.parse(removedAt))
}

function adopt({ store, clock, loginKeys }: PeoplePorts & { loginKeys: LoginKeys }, key: LoginKey): void {
  const { people } = store
  const now = new Date(clock.now()).toISOString()
  const { id, type, blob, comment } = key
  const ownerId = loginKeys.ownerOf(id)
  // The same id as before keys had people, so that what they made stays theirs.
  const personId = people.list().some((person) => person.id === ownerId) ? randomUUID() : ownerId
  people.insert({ id: personId, email: freeName(people, key), createdAt: now })
  people.insertKey({ id, personId, type, blob, comment, addedBy: null, createdAt: now })
  people.putGrant({ personId, appId: null, role: 'manage', grantedBy: null, createdAt: now, updatedAt: now })
}

/** Nobody becomes somebody else by a comment: the second `me@laptop` is `me+0123abcd@laptop`. */
function freeName(people: PeopleStore, { id, comment }: LoginKey): string {
  const taken = new Set(people.list().map(({ email }) => email.toLowerCase()))
  const name = comment || id
  const at = name.lastIndexOf('@') > 0 ? name.lastIndexOf('@') : name.length
  const names = [name, `${name.slice(0, at)}+${id.slice(0, 8)}${name.slice(at)}`, id]
  return names.find((one) => !taken.has(one.toLowerCase())) ?? randomUUID()
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}
