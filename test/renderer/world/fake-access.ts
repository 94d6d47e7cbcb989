import type { Activity, CallName, CallParameters, CallResult, Person, Role } from '../../../electron/bridge/contract.ts'
import { type FakeBridge, fail, findApp } from './fake-bridge.ts'
import { ago, type FakeApp, type FakeWorld, uuid } from './fake-world.ts'

type Names = Extract<CallName, `access.${string}` | `activity.${string}` | `ownKeys.${string}`>
type AccessCalls = { [N in Names]: (parameters: CallParameters<N>) => CallResult<N> | Promise<CallResult<N>> }

const blobs = {
  ada: 'AAAAC3NzaC1lZDI1NTE5AAAAIAdaWorkbench0000000000000000000000000000000000',
  grace: 'AAAAC3NzaC1lZDI1NTE5AAAAIGraceLaptop00000000000000000000000000000000000',
}
export const desktopPublicKey = `ssh-ed25519 ${blobs.ada} ada@workbench`

const ada = { id: uuid(), email: 'ada@workbench' }
const keyOf = (comment: string, fingerprint: string, addedBy: typeof ada | null, minutesAgo: number) => ({
  id: uuid(),
  type: 'ssh-ed25519',
  fingerprint: `SHA256:${fingerprint}`,
  comment,
  created_at: ago(minutesAgo),
  added_by: addedBy,
})
const annsKey = keyOf('ada@workbench', '8m1Yw3kqv0YVbq0a8hJ3Zp0sT5d2Jm5mZl7c1uQe9xA', null, 60 * 24 * 12)
const secondKey = keyOf('ada@sofa', 'pQ1rX8m2Zt7uYb5KcD4eFg6HiJ9lMn0oPqRsTuVwXyZ', ada, 60 * 24 * 3)

/** Four people, of all sorts; ada looks, with this role on each app. */
export function makePeople({ apps, role }: FakeWorld): Person[] {
  const on = (name: string, given: Role) => {
    const found = apps.find(({ app }) => app.name === name)
    return found ? [{ app: { id: found.app.id, name }, role: given }] : []
  }
  const granted = { granted_by: ada, created_at: ago(60 * 24 * 3) }
  return [
    {
      ...ada,
      role: role === 'manage' ? role : null,
      granted_by: null,
      created_at: ago(60 * 24 * 12),
      apps: [...on('corner-shop', role), ...on('weather-api', role)],
      keys: [annsKey, secondKey],
    },
    {
      id: uuid(),
      email: 'grace@example.com',
      role: role === 'manage' ? null : 'manage',
      ...granted,
      apps: on('corner-shop', 'deploy'),
      keys: [keyOf('grace@laptop', 'bX0kS3lQ9vJ2nM5pR8tW1yZ4aC7dE0fG3hI6jK9lN2o', ada, 60 * 24 * 3)],
    },
    {
      id: uuid(),
      email: 'linus@example.com',
      role: 'view',
      ...granted,
      apps: [],
      keys: [keyOf('linus@desk', 'Zy9xW8vU7tS6rQ5pO4nM3lK2jI1hG0fE9dC8bA7zY6x', ada, 60 * 24)],
    },
    {
      id: uuid(),
      email: 'release-bot@ci.example.com',
      role: null,
      ...granted,
      apps: [...on('corner-shop', 'deploy'), ...on('weather-api', 'deploy')],
      keys: [keyOf('CI', 'Mn3bV6cX9zL2kJ5hG8fD1sA4pO7iU0yT3rE6wQ9aZ2x', ada, 60 * 20)],
    },
  ]
}

const deeds: [string, string, number][] = [
  ['Deploy 9a41c0d (v7)', 'grace@example.com', 190],
  ['Build started', 'grace@example.com', 192],
  ['Scaled to web@3:standard-1x worker@1:standard-2x clock@0:standard-1x', 'ada@workbench', 230],
  ['Deploy 77e10fa (v6)', 'release-bot@ci.example.com', 240],
  ['Gave release-bot@ci.example.com the role deploy', 'ada@workbench', 60 * 20],
  ['Rollback to v2 (v5)', 'ada@workbench', 60 * 25],
  ['Starting process with command `node migrate.js --dry-run`', 'grace@example.com', 60 * 30],
  ['Added domain www.shop.example.com', 'ada@workbench', 60 * 24 * 2],
  ['Gave grace@example.com the role deploy', 'ada@workbench', 60 * 24 * 3],
  ['Set DATABASE_URL, SESSION_SECRET config vars (v3)', 'ada@workbench', 60 * 24 * 8],
]

const activityOf = ({ world }: FakeBridge, app: FakeApp | null): Activity[] =>
  (app ? deeds : deeds.filter(([what]) => what.startsWith('Gave'))).map(([description, email, minutes]) => ({
    id: uuid(),
    app: app && { id: app.app.id, name: app.app.name },
    user: { id: uuid(), email },
    key: world.people.find((person) => person.email === email)?.keys[0]?.fingerprint ?? null,
    description,
    created_at: ago(minutes),
  }))

/** The role of whoever looks, on the one server that has people. */
function roleOn(world: FakeWorld, serverId: string): Role {
  return serverId === 'this-computer' ? 'manage' : world.role
}

export function fakeAccess(fake: FakeBridge): AccessCalls {
  const { world, changed } = fake
  const find = (id: string) => {
    const found = world.people.find((person) => person.id === id || person.email === id)
    if (!found) throw fail('not_found', `The server atlas knows nobody called ${id}. Let them in by their SSH key.`)
    return found
  }
  const give = (person: Person, role: Role | null, app: FakeApp | null) => {
    if (!app) person.role = role
    else {
      person.apps = person.apps.filter((one) => one.app.id !== app.app.id)
      if (role) person.apps.push({ app: { id: app.app.id, name: app.app.name }, role })
    }
    changed('access')
  }
  const appOf = (target: { serverId: string; app?: string | undefined }) =>
    target.app === undefined ? null : findApp(world, { serverId: target.serverId, app: target.app })
  return {
    'access.own': ({ serverId }) => ({
      user: ada,
      role: world.role === 'manage' || serverId === 'this-computer' ? 'manage' : null,
      apps: world.apps
        .filter((app) => app.serverId === serverId)
        .map(({ app: { id, name } }) => ({ app: { id, name }, role: roleOn(world, serverId) })),
      managers: serverId === 'this-computer' ? [] : world.role === 'manage' ? [ada.email] : ['grace@example.com'],
      has_people: serverId !== 'this-computer',
    }),
    'access.app': (target) => {
      const { app } = findApp(world, target)
      return {
        app: { id: app.id, name: app.name },
        role: roleOn(world, target.serverId),
        people: world.people.flatMap((person) => {
          const own = person.apps.find((one) => one.app.id === app.id)?.role ?? null
          const role = own ?? person.role
          if (!role) return []
          const { id, email, keys, granted_by, created_at } = person
          return [{ user: { id, email }, role, app_role: own, server_role: person.role, granted_by, created_at, keys }]
        }),
      }
    },
    'access.people': () => world.people,
    'access.grant': ({ user, role, publicKey, ...target }) => {
      const known = world.people.find(({ email }) => email === user)
      if (!known && !publicKey) find(user)
      if (publicKey?.includes('PRIVATE'))
        throw fail('invalid_params', 'That is a private key; it stays where it is, and nothing of it was sent.')
      const person: Person = known ?? {
        id: uuid(),
        email: user,
        role: null,
        granted_by: ada,
        created_at: ago(0),
        apps: [],
        keys: [keyOf(publicKey?.split(' ')[2] ?? '', 'Qw1eR2tY3uI4oP5aS6dF7gH8jK9lZ0xC1vB2nM3qW4e', ada, 0)],
      }
      if (!known) world.people.push(person)
      give(person, role, appOf(target))
      return {}
    },
    'access.setRole': ({ person, role, ...target }) => {
      give(find(person), role, appOf(target))
      return {}
    },
    'access.remove': ({ person, ...target }) => {
      const found = find(person)
      if (target.app === undefined) world.people = world.people.filter((one) => one !== found)
      else give(found, null, appOf(target))
      changed('access')
      return {}
    },
    'access.removeKey': ({ person, key }) => {
      const found = find(person)
      found.keys = found.keys.filter(({ id }) => id !== key)
      changed('access')
      return {}
    },
    'activity.list': (target) => activityOf(fake, appOf(target)),
    'ownKeys.list': () =>
      [annsKey, secondKey].map(({ id, comment, created_at, fingerprint }, at) => ({
        ...{ id, comment, created_at, fingerprint, email: comment, updated_at: created_at },
        public_key: `ssh-ed25519 ${at === 0 ? blobs.ada : blobs.grace} ${comment}`,
      })),
    'ownKeys.add': () => ({}),
    'ownKeys.remove': () => ({}),
  }
}
