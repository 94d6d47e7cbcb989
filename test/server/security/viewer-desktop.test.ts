import { copyFile, mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../servers/index.ts'
import { bootHearthServer, fixture, type HearthServer, TestDesktop } from '../hearth-server.ts'
import { KeyHolder } from './key-holder.ts'

// A second desktop, of somebody whom the first one lets in: everything that it shows, and nothing that breaks.
let hearth: HearthServer
let bobs: TestDesktop
const shop = () => hearth.desktop.of('shop')
beforeAll(async () => {
  hearth = await bootHearthServer()
  await hearth.desktop.deploy('shop', fixture('node-hello'))
  await hearth.desktop.deploy('other', fixture('node-hello'))
  const home = await mkdtemp(path.join(tmpdir(), 'hearth-bob-'))
  const key = KeyHolder.make(hearth, 'bob')
  await mkdir(path.join(home, 'ssh'), { mode: 0o700 })
  await copyFile(path.join(hearth.desktop.home, 'key-bob'), path.join(home, 'ssh/id_ed25519'))
  await copyFile(path.join(hearth.desktop.home, 'key-bob.pub'), path.join(home, 'ssh/id_ed25519.pub'))
  await hearth.desktop.calls['access.grant']({
    ...shop(),
    user: 'bob@example.com',
    role: 'view',
    publicKey: key.publicKey,
  })
  bobs = await TestDesktop.open(home, hearth.server)
  await bobs.whenOnline()
})
afterAll(async () => {
  await bobs?.[Symbol.asyncDispose]()
  await hearth?.[Symbol.asyncDispose]()
})

const forbidden = expect.objectContaining({ id: 'forbidden' })
/** What a call answers, or why it does not. */
const ask = async (call: () => unknown) => call()

describe('the desktop of somebody with the role view', () => {
  test('shows the app, its releases and dynos, and what it may do', async () => {
    const apps = await bobs.calls['apps.list']({})
    expect(apps.filter(({ serverId }) => serverId === bobs.serverId).map(({ app }) => app.name)).toEqual(['shop'])
    const releases = await bobs.calls['releases.list'](bobs.of('shop'))
    expect(releases.map(({ version, verified, hash }) => [version, verified, hash])).toEqual([
      [2, null, ''],
      [1, null, ''],
    ])
    expect(await bobs.calls['dynos.list'](bobs.of('shop'))).toHaveLength(1)
    const own = await bobs.calls['access.own']({ serverId: bobs.serverId })
    expect(own.apps).toMatchObject([{ app: { name: 'shop' }, role: 'view' }])
    expect(own.managers).toHaveLength(1)
    expect((await bobs.calls['access.app'](bobs.of('shop'))).people).toHaveLength(2)
    expect((await bobs.calls['activity.list'](bobs.of('shop'))).length).toBeGreaterThan(2)
  })

  test('is told why it may not do more, whatever it asks for', async () => {
    const { calls } = bobs
    const of = bobs.of('shop')
    const asked = [
      () => calls['configVars.get'](of),
      () => calls['configVars.update']({ ...of, update: { A: '1' } }),
      () => calls['formation.update']({ ...of, updates: [{ type: 'web', quantity: 2 }] }),
      () => calls['dynos.restart'](of),
      () => calls['apps.update']({ ...of, update: { maintenance: true } }),
      () => calls['apps.destroy']({ ...of, confirm: 'shop' }),
      () => calls['releases.rollback']({ ...of, version: 1 }),
      () => calls['releases.configVarChanges']({ ...of, from: 1, to: 2 }),
      () => calls['domains.add']({ ...of, hostname: 'www.example.com' }),
      () => calls['apps.create']({ serverId: of.serverId, name: 'mine' }),
      () => calls['access.people']({ serverId: of.serverId }),
      () => calls['access.grant']({ ...of, user: 'bob@example.com', role: 'manage' }),
    ]
    for (const call of asked) await expect(ask(call), String(call)).rejects.toEqual(forbidden)
    const deploy = await bobs.tryDeploy('shop', fixture('node-hello'))
    expect(deploy).toMatchObject({ state: 'failed', error: expect.stringContaining('needs the role deploy on shop') })
  })

  test('keeps no proof that its role does not include, and complains of nothing', async () => {
    expect(await bobs.calls['ledger.list']({})).toEqual([])
    expect(await bobs.calls['ledger.findings']({})).toEqual([])
    expect(bobs.problems).toEqual([])
  })

  test('may do more from the moment on that the role grows, and has the proofs then', async () => {
    const { people } = await hearth.desktop.calls['access.app'](shop())
    const bob = people.find(({ user }) => user.email === 'bob@example.com')?.user.id ?? ''
    await hearth.desktop.calls['access.setRole']({ ...shop(), person: bob, role: 'operate' })
    await bobs.calls['formation.update']({ ...bobs.of('shop'), updates: [{ type: 'web', quantity: 2 }] })
    await bobs.calls['configVars.update']({ ...bobs.of('shop'), update: { GREETING: 'hello' } })
    await eventually(async () => (await bobs.calls['ledger.list']({})).length === 3, 30_000, 'the ledger stays empty')
    const activity = await hearth.desktop.calls['activity.list'](shop())
    expect(activity.slice(0, 2).map(({ user, description }) => `${user.email}: ${description}`)).toEqual([
      'bob@example.com: Set GREETING config vars (v3)',
      'bob@example.com: Scaled to web@2:standard',
    ])
  })

  test('is out when it is removed, says what would help, and closes in order', async () => {
    const { people } = await hearth.desktop.calls['access.app'](shop())
    const bob = people.find(({ user }) => user.email === 'bob@example.com')?.user.id ?? ''
    await hearth.desktop.calls['access.remove']({ ...shop(), person: bob })
    const connection = () => bobs.core.servers.get(bobs.serverId).connection
    await eventually(() => connection().state === 'needs-install', 20_000, 'it is still in')
    expect(connection()).toMatchObject({ reason: expect.stringContaining("does not know this desktop's key") })
    expect(bobs.problems.filter((problem) => !/Following the events|ledger/.test(problem))).toEqual([])
  })
})
