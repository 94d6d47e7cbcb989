// Acts with a way back, over the bridge in memory: each is done, taken back, and refused where somebody else came between.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AppSummary } from '../../../electron/bridge/contract.ts'
import { changeBuildpacks } from '../../../renderer/commands/acts/buildpacks.ts'
import { changeConfigVars } from '../../../renderer/commands/acts/config-vars.ts'
import { addDomain, removeDomain } from '../../../renderer/commands/acts/domains.ts'
import { setMaintenance } from '../../../renderer/commands/acts/maintenance.ts'
import { rollBack } from '../../../renderer/commands/acts/release.ts'
import { renameApp, renameServer } from '../../../renderer/commands/acts/rename.ts'
import { setRole } from '../../../renderer/commands/acts/role.ts'
import { scale } from '../../../renderer/commands/acts/scale.ts'
import { lastDone, undoLast } from '../../../renderer/commands/notices/undo.ts'
import { desktopCommands } from '../../../renderer/commands/places/desktop-commands.ts'
import { theDesktop } from '../../../renderer/commands/subject.ts'
import { useBridge } from '../../../renderer/stores/bridge.ts'
import { type FakeBridge, makeFakeBridge } from '../world/fake-bridge.ts'
import { type FakeApp, makeWorld } from '../world/fake-world.ts'

let fake: FakeBridge
let shop: FakeApp
beforeEach(() => {
  fake = makeFakeBridge(makeWorld(false), 0)
  shop = fake.world.apps.find(({ app }) => app.name === 'corner-shop') as FakeApp
  useBridge.setState({ state: 'open', bridge: fake, generation: 1 }, true)
})
afterEach(async () => {
  // What a test leaves undone is taken back, or refused, and forgotten.
  while (lastDone()) await undoLast()
})

const target = { serverId: 'atlas', app: 'corner-shop' }
const summary = (): Promise<AppSummary> => fake.call('apps.get', target)
const current = () => shop.releases.find(({ release }) => release?.current)?.version
const web = () => shop.formation.find(({ type }) => type === 'web')
const process = async () => {
  const found = (await fake.call('formation.list', target)).find(({ type }) => type === 'web')
  if (!found) throw new Error('no web')
  return found
}

describe('what was done is taken back', () => {
  test('a scale, in quantity and size', async () => {
    const before = structuredClone(web())
    await scale(target, await process(), { quantity: 5, size: 'standard-2x' })
    expect(lastDone()?.said).toBe('corner-shop: web from 3 × standard-1x to 5 × standard-2x')
    await undoLast()
    expect(web()).toEqual(before)
    expect(lastDone()).toBeUndefined()
  })

  test('maintenance', async () => {
    await setMaintenance(await summary(), true)
    expect(shop.app.maintenance).toBe(true)
    await undoLast()
    expect(shop.app.maintenance).toBe(false)
  })

  test('a role on an app and one on the server, unless somebody else gave another since', async () => {
    const of = async (email: string) =>
      (await fake.call('access.app', target)).people.find(({ user }) => user.email === email)
    const member = await of('grace@example.com')
    if (!member) throw new Error('the fake world has changed')
    const place = { ...target, place: 'corner-shop', user: member.user }
    await setRole(place, member.app_role, 'view')
    expect((await of('grace@example.com'))?.app_role).toBe('view')
    expect(lastDone()?.said).toBe('grace@example.com: view on corner-shop')
    await undoLast()
    expect(await of('grace@example.com')).toEqual(member)
    await setRole(place, member.app_role, 'view')
    await fake.call('access.setRole', { ...target, person: member.user.id, role: 'operate' })
    await undoLast()
    expect((await of('grace@example.com'))?.app_role).toBe('operate')
    const everywhere = { serverId: 'atlas', app: null, place: 'atlas', user: member.user }
    await setRole(everywhere, null, 'manage')
    expect((await of('grace@example.com'))?.server_role).toBe('manage')
    await undoLast()
    expect((await of('grace@example.com'))?.server_role).toBe(member.server_role)
  })

  test('a config var, by a rollback to the release before', async () => {
    const before = current()
    await changeConfigVars(await summary(), shop.configVars, { GREETING: 'hello' })
    const made = current()
    expect(made).not.toBe(before)
    expect(lastDone()?.said).toBe(`corner-shop: GREETING changed by v${made}`)
    await undoLast()
    expect(shop.releases.at(-1)?.description).toBe(`Rollback to v${before}`)
  })

  test('a config var, to the release that was current and not to the one that a screen still showed', async () => {
    const shown = await summary()
    await fake.call('configVars.update', { ...target, update: { OTHER: '1' } })
    const before = current()
    await changeConfigVars(shown, shop.configVars, { GREETING: 'hello' })
    await undoLast()
    expect(shop.releases.at(-1)?.description).toBe(`Rollback to v${before}`)
  })

  test('a config var, to the change before it although that one does not serve yet', async () => {
    const call = fake.call
    // As a real server: a change answers before its release serves.
    fake.call = async (name, parameters) => {
      const answer = await call(name, parameters)
      const made = shop.releases.at(-1)?.release
      if (name === 'configVars.update' && made) {
        Object.assign(made, { status: 'pending', current: false })
        Object.assign(shop.releases.at(-2)?.release ?? {}, { current: true })
      }
      return answer
    }
    await changeConfigVars(await summary(), shop.configVars, { GREETING: 'hello' })
    const first = shop.releases.at(-1)?.version
    await changeConfigVars(await summary(), shop.configVars, { GREETING: 'again' })
    await undoLast()
    expect(shop.releases.at(-1)?.description).toBe(`Rollback to v${first}`)
  })

  test('config vars of an app that was never deployed, by their opposite', async () => {
    const { app } = await fake.call('apps.create', { serverId: 'atlas', name: 'new-one' })
    const place = { serverId: 'atlas', app: app.name }
    const made = fake.world.apps.find((each) => each.app.id === app.id) as FakeApp
    made.configVars = { KEPT: 'yes', OLD: 'before' }
    await changeConfigVars(await fake.call('apps.get', place), { ...made.configVars }, { OLD: null, NEW: '1' })
    expect(made.configVars).toEqual({ KEPT: 'yes', NEW: '1' })
    await undoLast()
    expect(made.configVars).toEqual({ KEPT: 'yes', OLD: 'before' })
  })

  test('a rollback, by another', async () => {
    const before = current()
    await rollBack(await summary(), 2)
    expect(shop.releases.at(-1)?.description).toBe('Rollback to v2')
    await undoLast()
    expect(shop.releases.at(-1)?.description).toBe(`Rollback to v${before}`)
  })

  test('domains, both ways', async () => {
    const before = [...shop.domains]
    await addDomain(target, 'www.example.com')
    await undoLast()
    expect(shop.domains).toEqual(before)
    await addDomain(target, 'www.example.com')
    await removeDomain(target, 'www.example.com')
    await undoLast()
    expect(shop.domains).toEqual([...before, 'www.example.com'])
  })

  test('the list of buildpacks', async () => {
    const before = [...shop.buildpacks]
    await changeBuildpacks(target, before, [...before, 'hearth/static'])
    await undoLast()
    expect(shop.buildpacks).toEqual(before)
  })

  test('names of apps and servers', async () => {
    await renameApp(await summary(), 'shop-two')
    await renameServer(fake.world.servers.find(({ id }) => id === 'atlas') as never, 'mountain')
    await undoLast()
    expect(fake.world.servers.find(({ id }) => id === 'atlas')?.name).toBe('atlas')
    await undoLast()
    expect(shop.app.name).toBe('corner-shop')
  })

  test('the last one first, by the command that says which', async () => {
    await setMaintenance(await summary(), true)
    await addDomain(target, 'www.example.com')
    expect(desktopCommands.undo.label(theDesktop)).toBe('Undo: corner-shop: www.example.com added')
    await desktopCommands.undo.run(theDesktop)
    expect(desktopCommands.undo.label(theDesktop)).toBe('Undo: corner-shop: maintenance mode on')
  })

  test('nothing, where nothing was done', () => {
    expect(desktopCommands.undo.obstacle(theDesktop)).toMatch(/^Nothing has been done/)
  })
})

describe('what somebody else has changed since stays as it is', () => {
  test('a formation', async () => {
    await scale(target, await process(), { quantity: 5, size: 'standard-1x' })
    await fake.call('formation.update', { ...target, updates: [{ type: 'web', quantity: 8 }] })
    await undoLast()
    expect(web()?.quantity).toBe(8)
    expect(lastDone()).toBeUndefined()
  })

  test('a release: a deploy that came after a config var is not rolled back over', async () => {
    await changeConfigVars(await summary(), shop.configVars, { GREETING: 'hello' })
    await fake.call('configVars.update', { ...target, update: { OTHER: '1' } })
    const theirs = current()
    await undoLast()
    expect(current()).toBe(theirs)
  })

  test('maintenance', async () => {
    await setMaintenance(await summary(), true)
    await fake.call('apps.update', { ...target, update: { maintenance: false } })
    await undoLast()
    expect(shop.app.maintenance).toBe(false)
  })

  test('buildpacks', async () => {
    await changeBuildpacks(target, [...shop.buildpacks], ['hearth/static'])
    await fake.call('buildpacks.update', { ...target, buildpacks: ['hearth/python'] })
    await undoLast()
    expect(shop.buildpacks).toEqual(['hearth/python'])
  })
})
