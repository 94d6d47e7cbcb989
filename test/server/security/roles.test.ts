import type { ClientHttp2Session } from 'node:http2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../../agent/contract/access/role.ts'
import { renderPath } from '../../../agent/contract/endpoint.ts'
import { type EndpointName, endpoints } from '../../../agent/contract/endpoints.ts'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, fixture, type HearthServer } from '../hearth-server.ts'
import { KeyHolder } from './key-holder.ts'

let hearth: HearthServer
let ann: KeyHolder
let anns: ClientHttp2Session
const holders: KeyHolder[] = []
beforeAll(async () => {
  hearth = await bootHearthServer()
  await hearth.desktop.deploy('shop', fixture('node-hello'))
  await hearth.desktop.deploy('other', fixture('node-hello'))
  ann = KeyHolder.ofDesktop(hearth)
  holders.push(ann)
  await ann.logIn()
  anns = await ann.connect()
})
afterAll(async () => {
  for (const holder of holders) await holder[Symbol.asyncDispose]()
  await hearth?.[Symbol.asyncDispose]()
})

const onServer = async (script: string, input = '') =>
  (await hearth.server.exec(['sh', '-c', script], { allowFailure: true, input })).stdout.trim()
const keyFile = '/home/hearth/.ssh/authorized_keys'
const linesOfFile = async () => (await onServer(`grep -v '^#' ${keyFile}`)).split('\n')

/** Somebody new whom ann lets in, with a role on `shop`, or with null on the whole server. */
async function letIn(name: string, role: Role, app: string | null = 'shop'): Promise<KeyHolder> {
  const holder = KeyHolder.make(hearth, name)
  holders.push(holder)
  const body = { user: `${name}@example.com`, role, public_key: holder.publicKey }
  const answer = await ann.ask(anns, 'POST', app === null ? '/server/people' : `/apps/${app}/collaborators`, body)
  expect(answer).toMatchObject({ status: 201 })
  await holder.logIn()
  return holder
}
const remove = (name: string) => ann.ask(anns, 'DELETE', `/server/people/${name}@example.com`)

describe('a key with the role view', () => {
  let viewer: KeyHolder
  let session: ClientHttp2Session
  beforeAll(async () => {
    viewer = await letIn('viewer', 'view')
    session = await viewer.connect()
  })

  test('gets neither shell nor command nor files, as any key of Hearth', async () => {
    for (const command of [[], ['id'], ['sh', '-c', 'id'], ['token; id'], ['$(id)'], ['internal-sftp']]) {
      const { status, text } = await viewer.ssh(command)
      expect(status).not.toBe(0)
      expect(text).toContain('opens no shell')
    }
  })

  test('is refused whatever changes the app or tells its secrets, and all of other apps', async () => {
    const names = (Object.keys(endpoints) as EndpointName[]).filter((name) =>
      endpoints[name].path.startsWith('/apps/{app}'),
    )
    expect(names.length).toBeGreaterThan(40)
    const tried = { allowed: 0, refused: 0 }
    for (const name of names) {
      const { method, path, needs, request } = endpoints[name]
      const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, one = '']) => one)
      const at = (app: string) =>
        renderPath(path, Object.fromEntries(parameters.map((one) => [one, one === 'app' ? app : 'v2'])))
      const body = request === 'none' ? undefined : {}
      expect([name, (await viewer.ask(session, method, at('other'), body)).status]).toEqual([name, 404])
      if (needs === 'view') {
        // Git's services wait for what git says.
        if (method === 'GET')
          expect([name, (await viewer.ask(session, method, at('shop'), body)).status]).not.toContain(403)
        tried.allowed++
        continue
      }
      const { status, message } = await viewer.ask(session, method, at('shop'), body)
      expect([name, status]).toEqual([name, 403])
      expect(message).toMatch(/needs the role (deploy|operate|manage) on shop; viewer@example.com has the role view/)
      tried.refused++
    }
    expect(tried.refused).toBeGreaterThan(20)
    expect(tried.allowed).toBeGreaterThan(10)
  })

  test('fetches by git, and pushes nothing', async () => {
    const push = await viewer.ssh(["git-receive-pack 'shop.git'"])
    expect(push.status).not.toBe(0)
    expect(push.text).toMatch(/needs the role deploy on shop; viewer@example.com has the role view/)
    expect((await viewer.ssh(["git-upload-pack 'shop.git'"])).text).toContain('shop has no git history here')
    for (const command of ["git-receive-pack 'other.git'", "git-upload-pack 'other.git'"]) {
      expect((await viewer.ssh([command])).text).toContain("Couldn't find that app: other")
    }
    for (const attempt of [
      "git-upload-pack '../../etc'",
      "git-upload-pack 'shop.git'; id",
      "git-upload-pack --exec=id 'shop.git'",
    ]) {
      expect((await viewer.ssh([attempt])).text).not.toMatch(/uid=/)
    }
  })

  test('is refused whatever concerns the server', async () => {
    const create = await viewer.ask(session, 'POST', '/apps', { name: 'mine' })
    expect(create).toMatchObject({
      status: 403,
      message: expect.stringMatching(/role deploy on the server .* can give it/),
    })
    for (const [method, where] of [
      ['GET', '/server/people'],
      ['POST', '/server/people'],
      ['GET', '/server/activity'],
      ['DELETE', '/server/people/viewer@example.com'],
      ['POST', '/sources'],
    ] as const)
      expect([where, (await viewer.ask(session, method, where, method === 'POST' ? {} : undefined)).status]).toEqual([
        where,
        403,
      ])
  })

  test('sees its app and no other, in lists, in figures and among events', async () => {
    const apps = (await viewer.ask(session, 'GET', '/apps')).body as { name: string }[]
    expect(apps.map(({ name }) => name)).toEqual(['shop'])
    const { dynos } = (await viewer.ask(session, 'GET', '/server/status')).body as {
      dynos: { app: { name: string } }[]
    }
    expect(new Set(dynos.map(({ app }) => app.name))).toEqual(new Set(['shop']))
    const events = viewer.open(session, 'GET', '/events').setEncoding('utf8')
    let text = ''
    events.on('data', (chunk: string) => (text += chunk))
    await eventually(() => text.includes('"server"'), 20_000, 'no first event')
    await ann.ask(anns, 'PATCH', '/apps/other', { maintenance: true })
    await ann.ask(anns, 'PATCH', '/apps/shop', { maintenance: true })
    await eventually(() => text.includes('"shop"'), 20_000, 'no event of shop')
    expect(text).not.toContain('"other"')
    events.destroy()
  })

  test('does not promote itself, by any of the ways in', async () => {
    const self = { user: 'viewer@example.com', role: 'manage', permissions: ['manage'] }
    const ways = [
      viewer.ask(session, 'POST', '/apps/shop/collaborators', self),
      viewer.ask(session, 'PATCH', '/apps/shop/collaborators/viewer@example.com', { role: 'manage' }),
      viewer.ask(session, 'POST', '/server/people', { user: 'viewer@example.com', role: 'manage' }),
      viewer.ask(session, 'PATCH', '/server/people/viewer@example.com', { role: 'manage' }),
      viewer.ask(session, 'DELETE', `/apps/shop/collaborators/${encodeURIComponent('someone')}`),
    ]
    for (const { status } of await Promise.all(ways)) expect([403, 404]).toContain(status)
    const access = await viewer.ask(session, 'GET', '/apps/shop/access')
    expect(access.body).toMatchObject({ role: 'view' })
  })
})

describe('a public key that is more than a key', () => {
  test.each([
    ['a second line', (key: string) => `${key}\n${KeyHolder.make(hearth, 'hidden').publicKey}`],
    ['options', (key: string) => `command="/bin/sh" ${key}`],
    ['options after a carriage return', (key: string) => `${key}\rcommand="/bin/sh" ssh-ed25519 AAAA`],
  ])('is refused: %s', async (what, forge) => {
    const key = KeyHolder.make(hearth, what.replaceAll(' ', '-')).publicKey
    const before = await linesOfFile()
    const body = { user: 'mallory@example.com', public_key: forge(key) }
    expect(await ann.ask(anns, 'POST', '/apps/shop/collaborators', body)).toMatchObject({ status: 422 })
    expect(await linesOfFile()).toEqual(before)
  })

  test('opens what every key opens when its comment claims to be options, another person, or root', async () => {
    const holder = KeyHolder.make(hearth, 'comment')
    holders.push(holder)
    const [type, blob] = holder.publicKey.split(' ')
    const [annsLine = ''] = (await linesOfFile()).filter((line) => line.includes(ann.publicKey.split(' ')[1] ?? ''))
    const annsId = /connect ([0-9a-f]{16})"/.exec(annsLine)?.[1]
    const comment = `command="/bin/sh" connect ${annsId}" ${ann.publicKey} # hearth: root let in ${annsId} at 2030-01-01T00:00:00Z`
    const body = { user: 'comment@example.com', role: 'view', public_key: `${type} ${blob} ${comment}` }
    expect(await ann.ask(anns, 'POST', '/apps/shop/collaborators', body)).toMatchObject({ status: 201 })
    expect((await holder.ssh(['id'])).text).toContain('opens no shell')
    await holder.logIn()
    const session = await holder.connect()
    expect((await holder.ask(session, 'GET', '/account')).body).toMatchObject({ email: 'comment@example.com' })
    expect((await holder.ask(session, 'GET', '/apps/shop/config-vars')).status).toBe(403)
    expect(await remove('comment')).toMatchObject({ status: 200 })
    expect((await holder.ssh(['token'])).text).toContain('Permission denied')
    expect((await ann.ssh(['token'])).status).toBe(0)
  })
})

describe('a removed person', () => {
  test('is out at once: token, streams, connections, and the way back in', async () => {
    const bob = await letIn('bob', 'operate')
    const session = await bob.connect()
    expect((await bob.ask(session, 'GET', '/apps/shop')).status).toBe(200)
    const events = bob.open(session, 'GET', '/events').resume()
    const ended = Promise.all(
      [events, session].map((one) => new Promise<void>((resolve) => one.once('close', () => resolve()))),
    )
    expect((await remove('bob')).status).toBe(200)
    await ended
    // The SSH connection may be open still: what goes through it has a token that is worth nothing.
    const again = await bob.ask(bob.reconnect(), 'GET', '/apps').catch(() => ({ status: 0 }))
    expect([0, 401]).toContain(again.status)
    expect((await bob.ssh(['token'])).text).toContain('Permission denied')
    expect((await bob.ssh(['stdio'])).text).toContain('Permission denied')
  })

  test('does not come back with the file that root had open in an editor', async () => {
    const carl = await letIn('carl', 'view')
    await onServer(`cp -a ${keyFile} /root/open-in-editor`)
    await remove('carl')
    await onServer(`cp -a /root/open-in-editor ${keyFile}`)
    // sshd lets the key in again; its token opens nothing, and at its first use the line goes.
    await carl.logIn()
    const session = await carl.connect().catch(() => null)
    if (session) expect((await carl.ask(session, 'GET', '/apps')).status).toBe(401)
    await eventually(async () => !(await linesOfFile()).join().includes("carl's"), 20_000, 'the line is still there')
    expect((await ann.ask(anns, 'GET', '/apps')).status).toBe(200)
    expect((await ann.ask(anns, 'GET', '/server/people')).body).not.toMatchObject([{ email: 'carl@example.com' }])
  })

  test('does not come back by a crash between record and file: the next start takes the line out', async () => {
    await letIn('dora', 'manage', null)
    await onServer(`cp -a ${keyFile} /root/before-removal`)
    await remove('dora')
    await onServer(`systemctl kill --signal=KILL hearth-agent; cp -a /root/before-removal ${keyFile}`)
    await eventually(async () => !(await linesOfFile()).join().includes("dora's"), 20_000, 'the line is still there')
    await hearth.desktop.whenAnswering()
    anns = ann.reconnect()
    expect((await ann.ask(anns, 'GET', '/apps')).status).toBe(200)
  })
})

test('of two keys of one person, the one that is taken out ends, and the other goes on', async () => {
  const eve = await letIn('eve', 'deploy')
  const session = await eve.connect()
  const second = KeyHolder.make(hearth, 'eve-desk')
  holders.push(second)
  expect((await eve.ask(session, 'POST', '/account/keys', { public_key: second.publicKey })).status).toBe(201)
  await second.logIn()
  const other = await second.connect()
  const account = async (holder: KeyHolder, over: ClientHttp2Session) =>
    ((await holder.ask(over, 'GET', '/account')).body as { id: string }).id
  expect(await account(second, other)).toBe(await account(eve, session))
  const keys = (await second.ask(other, 'GET', '/account/keys')).body as { id: string; comment: string }[]
  const lost = keys.find(({ comment }) => comment === "eve's laptop")
  expect((await second.ask(other, 'DELETE', `/account/keys/${lost?.id}`)).status).toBe(200)
  expect((await eve.ssh(['token'])).text).toContain('Permission denied')
  expect((await second.ask(other, 'GET', '/apps/shop/config-vars')).status).toBe(200)
  expect(
    (await second.ask(other, 'DELETE', `/account/keys/${keys.find(({ id }) => id !== lost?.id)?.id}`)).status,
  ).toBe(422)
})

describe('root on the server', () => {
  const agent = '/usr/lib/hearth/current/node /usr/lib/hearth/current/agent.mjs'

  test('lets a key in by keys add and out by keys remove, with the agent stopped', async () => {
    const frank = KeyHolder.make(hearth, 'frank')
    holders.push(frank)
    await onServer('systemctl stop hearth-agent')
    const added = JSON.parse(await onServer(`echo "$KEY" | ${agent} keys add`.replace('$KEY', frank.publicKey)))
    expect((await frank.ssh(['token'])).text).toContain('"token"')
    await onServer('systemctl start hearth-agent')
    await hearth.desktop.whenAnswering()
    await frank.logIn()
    const session = await frank.connect()
    expect((await frank.ask(session, 'GET', '/server/access')).body).toMatchObject({ role: 'manage' })
    await onServer(`${agent} keys remove ${added.id}`)
    expect((await frank.ssh(['token'])).text).toContain('Permission denied')
    expect((await frank.ask(session, 'GET', '/apps').catch(() => ({ status: 401 }))).status).toBe(401)
    expect(await onServer(`${agent} keys list`)).not.toContain(added.id)
  })

  test('takes a line out by hand, while the agent writes, and what it wrote stays', async () => {
    anns = ann.reconnect()
    const gina = await letIn('gina', 'view')
    const blob = gina.publicKey.split(' ')[1]
    const hans = KeyHolder.make(hearth, 'hans')
    holders.push(hans)
    const byHand = onServer(
      `for i in 1 2 3 4 5 6 7 8 9 10; do grep -v '${blob}' ${keyFile} >${keyFile}.new; cat ${keyFile}.new >${keyFile}; done`,
    )
    const body = { user: 'hans@example.com', role: 'view', public_key: hans.publicKey }
    const added = await ann.ask(anns, 'POST', '/apps/shop/collaborators', body)
    await byHand
    // Nobody is in while the file is empty, ann neither; and root's editor may win over the agent's line.
    expect([201, 401, 409]).toContain(added.status)
    await eventually(
      async () => (await ann.ask(ann.reconnect(), 'GET', '/apps')).status === 200,
      30_000,
      'ann stays out',
    )
    anns = ann.reconnect()
    expect((await gina.ssh(['token'])).text).toContain('Permission denied')
    const everybody = (await ann.ask(anns, 'GET', '/server/people')).body as { email: string; role: string | null }[]
    expect(everybody.filter(({ role }) => role === 'manage').map(({ email }) => email)).not.toContain(
      'hans@example.com',
    )
    expect(everybody.find(({ email }) => email === 'gina@example.com')).toMatchObject({ keys: [], role: null })
  })
})

test('who did it stands in the activity, with the fingerprint of the key', async () => {
  const { body } = await ann.ask(anns, 'GET', '/server/activity')
  const activity = body as { description: string; key: string | null; user: { email: string } }[]
  expect(activity.map(({ description }) => description)).toContain('Removed bob@example.com')
  expect(activity.every(({ key }) => key?.startsWith('SHA256:'))).toBe(true)
  expect(await onServer('journalctl -u hearth-agent -o cat')).not.toContain('TypeError')
})
