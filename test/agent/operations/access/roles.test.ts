import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { removeAuthorizedKey } from '../../../../agent/access/authorized-keys.ts'
import type { Role } from '../../../../agent/contract/access/role.ts'
import type { Caller } from '../../../../agent/core/ports/access/actor.ts'
import { makePublicKey } from '../../access/public-keys.ts'
import { settle } from '../workbench.ts'
import { ServedBench } from './served.ts'

let bench: ServedBench
let ann: Caller
beforeEach(async () => {
  bench = await ServedBench.open()
  ann = bench.known(bench.letIn('ann@laptop'))
  await bench.callAs(ann, 'createApp', { parameters: {}, body: { name: 'shop' } })
})
afterEach(() => bench.close())

const shop = { app: 'shop' }
const publicKey = makePublicKey('a laptop')

/** Lets somebody new in, to one app or with null to the server, and returns them as they come by their key. */
async function add(user: string, role: Role | undefined, app: string | null = 'shop', by = ann): Promise<Caller> {
  const public_key = makePublicKey(`${user}'s laptop`)
  const key = bench.parse(public_key)
  if (app === null)
    await bench.callAs(by, 'createPerson', { parameters: {}, body: { user, role: role ?? 'view', public_key } })
  else await bench.callAs(by, 'createCollaborator', { parameters: { app }, body: { user, role, public_key } })
  return bench.known(key)
}
const people = () => bench.callAs(ann, 'listPeople', { parameters: {}, body: undefined })
const rolesOn = async (app = 'shop') => {
  const access = await bench.callAs(ann, 'getAppAccess', { parameters: { app }, body: undefined })
  return Object.fromEntries(access.people.map(({ user, role }) => [user.email, role]))
}
const list = (who: Caller) => bench.callAs(who, 'listApps', { parameters: {}, body: undefined })
const refused = (message: string | RegExp) => ({ message: expect.stringMatching(message) })

describe('letting somebody in', () => {
  test('takes one request with their key, and they get in by it at once', async () => {
    const bob = await add('bob@example.com', 'deploy')
    expect(bench.present).toEqual(['ann@laptop', "bob@example.com's laptop"])
    expect(bob.email).toBe('bob@example.com')
    expect(await rolesOn()).toEqual({ 'ann@laptop': 'manage', 'bob@example.com': 'deploy' })
    expect((await list(bob)).map(({ name }) => name)).toEqual(['shop'])
    await bench.restart()
    expect(await rolesOn()).toEqual({ 'ann@laptop': 'manage', 'bob@example.com': 'deploy' })
  })

  test('gives operate to whom no role is named for, as the stock client does', async () => {
    const collaborator = await bench.callAs(ann, 'createCollaborator', {
      parameters: shop,
      body: { user: 'bob@example.com', silent: true, public_key: publicKey },
    })
    expect(collaborator).toMatchObject({ role: 'collaborator', user: { email: 'bob@example.com', federated: false } })
    expect(collaborator.permissions.map(({ name }) => name)).toEqual(['view', 'deploy', 'operate'])
  })

  test('takes permissions as Heroku teams name them; the highest counts', async () => {
    const body = {
      user: 'bob@example.com',
      permissions: ['view', 'operate', 'deploy'] as Role[],
      public_key: publicKey,
    }
    await bench.callAs(ann, 'createCollaborator', {
      parameters: shop,
      body: { ...body, permissions: body.permissions as [Role] },
    })
    expect(await rolesOn()).toMatchObject({ 'bob@example.com': 'operate' })
  })

  test('needs a key for whom the server does not know, and none for whom it does', async () => {
    const invite = (user: string) =>
      bench.callAs(ann, 'createCollaborator', { parameters: { app: 'other' }, body: { user } })
    await bench.callAs(ann, 'createApp', { parameters: {}, body: { name: 'other' } })
    await expect(invite('bob@example.com')).rejects.toMatchObject(
      refused('knows nobody called bob@example.com.*hearth access add'),
    )
    const bob = await add('bob@example.com', 'view')
    await invite('BOB@example.com')
    expect((await list(bob)).map(({ name }) => name)).toEqual(['other', 'shop'])
    expect(await people()).toHaveLength(2)
  })

  test('does not take a role away from whoever is invited again without one', async () => {
    await add('bob@example.com', 'manage')
    await bench.callAs(ann, 'createCollaborator', { parameters: shop, body: { user: 'bob@example.com' } })
    expect(await rolesOn()).toMatchObject({ 'bob@example.com': 'manage' })
  })

  test.each([
    '',
    'bob',
    'bob@',
    'bob@ex ample',
    'bob@example.com\nann@laptop',
    'böb@example.com',
    '\u202eann@laptop',
    `${'b'.repeat(100)}@x`,
  ])('refuses %j as a name', async (user) => {
    const body = { user, public_key: publicKey }
    await expect(bench.callAs(ann, 'createCollaborator', { parameters: shop, body })).rejects.toMatchObject({
      status: 422,
    })
    expect(bench.present).toEqual(['ann@laptop'])
  })

  test('leaves nothing behind when authorized_keys cannot be written', async () => {
    const keys = bench.loginKeys
    bench.loginKeys = keys && { ...keys, change: async () => Promise.reject(new Error('read-only')) }
    await bench.restart()
    const before = bench.present
    await expect(add('bob@example.com', 'view')).rejects.toThrow('read-only')
    expect([bench.present, (await people()).map(({ email }) => email)]).toEqual([before, ['ann@laptop']])
  })
})

describe('nobody', () => {
  test('becomes somebody else: a key is added to oneself alone, and is one person', async () => {
    const bob = await add('bob@example.com', 'manage')
    const claim = (user: string, public_key: string) =>
      bench.callAs(bob, 'createCollaborator', { parameters: shop, body: { user, public_key } })
    await expect(claim('ann@laptop', publicKey)).rejects.toMatchObject(
      refused('knows ann@laptop already, by other keys'),
    )
    await expect(claim('ANN@LAPTOP', publicKey)).rejects.toMatchObject(refused('knows ann@laptop already'))
    const [annsKey] = await bench.callAs(ann, 'listKeys', { parameters: {}, body: undefined })
    await expect(claim('eve@example.com', annsKey?.public_key ?? '')).rejects.toMatchObject(
      refused('in use on this server'),
    )
    const add_ = bench.callAs(bob, 'createKey', { parameters: {}, body: { public_key: annsKey?.public_key ?? '' } })
    await expect(add_).rejects.toMatchObject(refused('in use on this server'))
    expect(bench.present).toHaveLength(2)
  })

  test("takes another's name by the comment of a key", async () => {
    const bob = await add('bob@example.com', 'view')
    const key = await bench.callAs(bob, 'createKey', {
      parameters: {},
      body: { public_key: makePublicKey('ann@laptop') },
    })
    expect(bench.known(bench.parse(key.public_key))).toMatchObject({ email: 'bob@example.com', id: bob.id })
  })

  test('gives what they do not have, or promotes themselves', async () => {
    const bob = await add('bob@example.com', 'operate')
    const promote = { parameters: { ...shop, collaborator: 'bob@example.com' }, body: { role: 'manage' } } as const
    await expect(bench.callAs(bob, 'updateCollaborator', promote)).rejects.toMatchObject(
      refused('needs the role manage on shop'),
    )
    const carl = await add('carl@example.com', 'manage')
    const everywhere = { parameters: {}, body: { user: 'carl@example.com', role: 'view' } } as const
    await expect(bench.callAs(carl, 'createPerson', everywhere)).rejects.toMatchObject(refused('manage on the server'))
    await expect(
      bench.callAs(carl, 'updatePerson', { parameters: { person: carl.id }, body: { role: 'manage' } }),
    ).rejects.toMatchObject({ id: 'forbidden' })
  })

  test('is taken out by who may not manage, but everybody may leave', async () => {
    const [bob, carl] = [await add('bob@example.com', 'operate'), await add('carl@example.com', 'view')]
    const remove = (by: Caller, { email }: Caller) =>
      bench.callAs(by, 'destroyCollaborator', { parameters: { ...shop, collaborator: email }, body: undefined })
    await expect(remove(bob, carl)).rejects.toMatchObject({ id: 'forbidden' })
    await remove(carl, carl)
    expect(await rolesOn()).toEqual({ 'ann@laptop': 'manage', 'bob@example.com': 'operate' })
  })

  test('leaves a server without anybody who manages it', async () => {
    const only = refused('ann@laptop is the only one who manages the server')
    const calls = [
      bench.callAs(ann, 'destroyPerson', { parameters: { person: 'ann@laptop' }, body: undefined }),
      bench.callAs(ann, 'updatePerson', { parameters: { person: ann.id }, body: { role: 'operate' } }),
      bench.callAs(ann, 'createPerson', { parameters: {}, body: { user: 'ann@laptop', role: 'view' } }),
    ]
    for (const call of calls) await expect(call).rejects.toMatchObject(only)
    const bob = await add('bob@example.com', 'manage', null)
    await bench.callAs(bob, 'destroyPerson', { parameters: { person: 'ann@laptop' }, body: undefined })
    expect(bench.present).toEqual(["bob@example.com's laptop"])
  })
})

describe('removing', () => {
  test('somebody ends their keys, tokens and roles at once, and what is open by them', async () => {
    const bob = await add('bob@example.com', 'manage', null)
    const key = await bench.callAs(bob, 'createKey', { parameters: {}, body: { public_key: publicKey } })
    const second = bench.known(bench.parse(key.public_key))
    expect(second).toMatchObject({ id: bob.id, email: bob.email })
    const lost: string[] = []
    bench.platform.onReduced((keyIds) => lost.push(...keyIds))
    await bench.callAs(ann, 'destroyPerson', { parameters: { person: 'bob@example.com' }, body: undefined })
    expect(lost.sort()).toEqual([bob.keyId, second.keyId].sort())
    expect(bench.present).toEqual(['ann@laptop'])
    await expect(list(bob)).resolves.toEqual([])
    expect(bench.platform.identify(bench.ownerOf(bob))).toBeNull()
  })

  test('one key of two ends that one alone', async () => {
    const bob = await add('bob@example.com', 'deploy')
    const { id } = await bench.callAs(bob, 'createKey', { parameters: {}, body: { public_key: publicKey } })
    const second = bench.known(bench.parse(publicKey))
    const [first] = await bench.callAs(second, 'listKeys', { parameters: {}, body: undefined })
    const own = bench.callAs(second, 'destroyKey', { parameters: { key: id }, body: undefined })
    await expect(own).rejects.toMatchObject(refused('the key that you have come with'))
    await bench.callAs(second, 'destroyKey', { parameters: { key: first?.fingerprint ?? '' }, body: undefined })
    expect(bench.platform.identify(bench.ownerOf(bob))).toBeNull()
    expect((await list(second)).map(({ name }) => name)).toEqual(['shop'])
    const last = bench.callAs(second, 'destroyKey', { parameters: { key: id }, body: undefined })
    await expect(last).rejects.toMatchObject(refused('only key by which bob@example.com gets in'))
    const byAnn = bench.callAs(ann, 'destroyPersonKey', { parameters: { person: bob.id, key: id }, body: undefined })
    await expect(byAnn).rejects.toMatchObject({ status: 422 })
  })

  test('the last role takes the person out, another one does not', async () => {
    await bench.callAs(ann, 'createApp', { parameters: {}, body: { name: 'other' } })
    const bob = await add('bob@example.com', 'deploy')
    await bench.callAs(ann, 'createCollaborator', {
      parameters: { app: 'other' },
      body: { user: bob.id, role: 'view' },
    })
    const remove = (app: string) =>
      bench.callAs(ann, 'destroyCollaborator', { parameters: { app, collaborator: bob.id }, body: undefined })
    await remove('shop')
    expect((await list(bob)).map(({ name }) => name)).toEqual(['other'])
    await remove('other')
    expect(bench.present).toEqual(['ann@laptop'])
    expect(await people()).toHaveLength(1)
  })

  test('leaves what was given to open by a URL closed: a terminal, a log', async () => {
    await bench.deployAs(ann, { web: 'listen' })
    const bob = await add('bob@example.com', 'operate')
    const secretOf = (url: string | null) => url?.split('/').at(-1) ?? ''
    const terminal = () =>
      bench.callAs(bob, 'createDyno', { parameters: shop, body: { command: 'bash', attach: true } })
    const log = await bench.callAs(bob, 'createLogSession', { parameters: shop, body: { tail: true } })
    const [first, second] = [await terminal(), await terminal()]
    const role = (to: Role) =>
      bench.callAs(ann, 'updateCollaborator', { parameters: { ...shop, collaborator: bob.id }, body: { role: to } })
    await role('deploy')
    await expect(bench.platform.attachDyno(secretOf(first.attach_url), null)).rejects.toMatchObject(
      refused('needs the role operate on shop'),
    )
    expect((await bench.dynos()).filter((dyno) => dyno.startsWith('run.'))).toHaveLength(1)
    bench.write((text) => removeAuthorizedKey(text, bob.keyId ?? ''))
    await expect(bench.platform.attachDyno(secretOf(second.attach_url), null)).rejects.toMatchObject({
      id: 'forbidden',
    })
    await expect(bench.readStream(secretOf(log.logplex_url))).rejects.toMatchObject({ id: 'not_found' })
  })

  test('from one app is refused where the role is on the whole server', async () => {
    await add('bob@example.com', 'view', null)
    const call = bench.callAs(ann, 'destroyCollaborator', {
      parameters: { ...shop, collaborator: 'bob@example.com' },
      body: undefined,
    })
    await expect(call).rejects.toMatchObject(refused('role view on the whole server'))
  })

  test('counts even if the line cannot be taken out, which is tried again', async () => {
    const bob = await add('bob@example.com', 'deploy')
    const keys = bench.loginKeys
    bench.loginKeys = keys && { ...keys, change: async () => Promise.reject(new Error('read-only')) }
    await bench.restart()
    await bench.callAs(ann, 'destroyPerson', { parameters: { person: bob.id }, body: undefined })
    expect(bench.problems.join()).toContain('read-only')
    expect(bench.present).toHaveLength(2)
    expect(bench.platform.identify(bench.ownerOf(bob))).toBeNull()
    bench.loginKeys = keys
    await bench.restart()
    await settle()
    await expect.poll(() => bench.present).toEqual(['ann@laptop'])
  })
})

describe('what somebody sees', () => {
  test('is their apps, in lists and among events', async () => {
    await bench.callAs(ann, 'createApp', { parameters: {}, body: { name: 'other' } })
    const bob = await add('bob@example.com', 'view')
    const seen: (string | undefined)[] = []
    bench.platform.subscribe(bob, ({ app, topic }) => topic === 'apps' && seen.push(app?.name))
    await bench.callAs(ann, 'updateApp', { parameters: { app: 'other' }, body: { maintenance: true } })
    await bench.callAs(ann, 'updateApp', { parameters: shop, body: { maintenance: true } })
    expect(seen).toEqual(['shop'])
    expect((await list(bob)).map(({ name }) => name)).toEqual(['shop'])
    const other = bench.callAs(bob, 'getApp', { parameters: { app: 'other' }, body: undefined })
    await expect(other).rejects.toMatchObject({ id: 'not_found' })
    await bench.callAs(ann, 'destroyApp', { parameters: shop, body: undefined })
    expect(seen).toEqual(['shop', 'shop'])
    expect(await list(bob)).toEqual([])
  })

  test('is what they may do, and who can give more', async () => {
    const bob = await add('bob@example.com', 'deploy')
    const access = await bench.callAs(bob, 'getServerAccess', { parameters: {}, body: undefined })
    expect(access).toMatchObject({ role: null, managers: ['ann@laptop'], has_people: true })
    expect(access.apps).toMatchObject([{ app: { name: 'shop' }, role: 'deploy' }])
    const onShop = await bench.callAs(bob, 'getAppAccess', { parameters: shop, body: undefined })
    expect(onShop.people).toMatchObject([
      {
        user: { email: 'ann@laptop' },
        app_role: 'manage',
        server_role: 'manage',
        keys: [{ comment: 'ann@laptop', added_by: null }],
      },
      {
        user: { email: 'bob@example.com' },
        app_role: 'deploy',
        server_role: null,
        granted_by: { email: 'ann@laptop' },
      },
    ])
    expect(onShop.people[1]?.keys[0]?.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
  })
})

test('who creates an app manages it, and no other', async () => {
  const bob = await add('bob@example.com', 'deploy', null)
  const app = await bench.callAs(bob, 'createApp', { parameters: {}, body: { name: 'bobs' } })
  expect(app.owner).toEqual({ id: bob.id, email: bob.email })
  expect(await rolesOn('bobs')).toEqual({ 'ann@laptop': 'manage', 'bob@example.com': 'manage' })
  expect(await rolesOn('shop')).toMatchObject({ 'bob@example.com': 'deploy' })
  const collaborators = await bench.callAs(bob, 'listCollaborators', { parameters: { app: 'bobs' }, body: undefined })
  expect(collaborators.map(({ user, role }) => [user.email, role])).toEqual([
    ['ann@laptop', 'admin'],
    ['bob@example.com', 'owner'],
  ])
})

test('a role that shrinks ends what is open by it, one that grows does not', async () => {
  const bob = await add('bob@example.com', 'deploy')
  const lost: string[] = []
  bench.platform.onReduced((keyIds) => lost.push(...keyIds))
  const change = (role: Role) =>
    bench.callAs(ann, 'updateCollaborator', { parameters: { ...shop, collaborator: bob.id }, body: { role } })
  await change('operate')
  expect(lost).toEqual([])
  await change('view')
  expect(lost).toEqual([bob.keyId])
})
