import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Killer } from '../crash.ts'
import { Bench, settle } from '../workbench.ts'

let bench: Bench

beforeEach(async () => {
  bench = new Bench()
  bench.settings = { keptReleases: 3 }
  await bench.start()
  await bench.createApp()
})
afterEach(() => bench.close())

const parameters = { app: 'shop' }
const states = async () => {
  const rows = await bench.call('listReleaseStates', { parameters, body: undefined })
  return Object.fromEntries(rows.map((row) => [`v${row.version}`, row.rollback_obstacle]))
}
const rollBack = async (release: string) => {
  await bench.call('createRelease', { parameters, body: { release } })
  await settle()
}
async function* none(): AsyncGenerator<Uint8Array> {}
/** Processes of the slugs that are there, `listen 2` for the second deploy. */
const slugs = () => bench.store.slugs.list().map(({ processTypes }) => processTypes.web)
const deployMany = async (from: number, to: number) => {
  for (let code = from; code <= to; code += 1) await bench.deploy({ web: `listen ${code}` })
}

describe('slugs', () => {
  it('of the newest releases are kept, and of the others removed', async () => {
    await deployMany(1, 5)
    expect(slugs()).toEqual(['listen 3', 'listen 4', 'listen 5'])
    expect(bench.slugs.kept.at(-1)).toHaveLength(3)
    expect(bench.logs.lines).toContain('api: Removed 1 slug that no release can be rolled back to any more')
    expect(bench.problems).toEqual([])
  })

  it('that are gone can not be rolled back to, and the release says why', async () => {
    await deployMany(1, 5)
    expect(await states()).toEqual({
      v1: 'it has no code to run',
      v2: expect.stringContaining('newest 3 releases; deploy that code again'),
      v3: expect.stringContaining('its slug was removed'),
      v4: null,
      v5: null,
      v6: null,
    })
    const releases = await bench.call('listReleases', { parameters, body: undefined })
    expect(releases.map((release) => release.eligible_for_rollback)).toEqual([false, false, false, true, true, true])
    await expect(rollBack('v2')).rejects.toThrow("shop can't be rolled back to v2: its slug was removed")
    await rollBack('v4')
    expect(bench.runner.list()).toEqual(['web.1: listen 3'])
  })

  it('that two releases refer to stay until the last of them leaves the window', async () => {
    await deployMany(1, 1)
    await deployMany(2, 3)
    await rollBack('v2')
    await deployMany(4, 5)
    expect(slugs()).toEqual(['listen 1', 'listen 4', 'listen 5'])
    await deployMany(6, 6)
    expect(slugs()).toEqual(['listen 4', 'listen 5', 'listen 6'])
  })

  it('that a dyno runs on stay, whatever their release', async () => {
    await deployMany(1, 1)
    await bench.call('createDyno', { parameters, body: { command: 'migrate for long' } })
    await deployMany(2, 6)
    expect(slugs()).toEqual(['listen 1', 'listen 4', 'listen 5', 'listen 6'])
  })

  it('of failed releases go, but for the newest, which may be tried again', async () => {
    await deployMany(1, 1)
    for (const status of [1, 2, 3]) await bench.deploy({ web: `exit ${status}` })
    await bench.restart()
    expect(slugs()).toEqual(['listen 1', 'exit 3'])
  })

  it('that were put here are kept for a day, for whoever is about to release them', async () => {
    const put = async () => {
      const slug = await bench.call('createSlug', { parameters, body: { process_types: { web: 'listen put' } } })
      await bench.platform.putSource(slug.blob.url.replace('/source-blobs/', ''), none())
      return slug.id
    }
    const [released, forgotten] = [await put(), await put()]
    await deployMany(1, 1)
    expect(slugs()).toEqual(['listen put', 'listen put', 'listen 1'])
    await bench.call('createRelease', { parameters, body: { slug: released } })
    await bench.clock.advance(24 * 60 * 60_000)
    await deployMany(2, 2)
    expect(bench.store.slugs.byId(forgotten)).toBeNull()
    expect(bench.store.slugs.byId(released)).not.toBeNull()
  })

  it('are not removed while one is being taken over, which has no row yet', async () => {
    const slug = await bench.call('createSlug', { parameters, body: { process_types: { web: 'listen put' } } })
    const taking = Promise.withResolvers<void>()
    bench.builder.working = taking.promise
    const putting = bench.platform.putSource(slug.blob.url.replace('/source-blobs/', ''), none())
    await settle()
    const collections = bench.slugs.kept.length
    bench.builder.working = Promise.resolve()
    await deployMany(1, 2)
    expect(bench.slugs.kept).toHaveLength(collections)
    taking.resolve()
    await putting
    await settle()
    expect(bench.slugs.kept.length).toBeGreaterThan(collections)
    expect(bench.slugs.kept.at(-1)?.length).toBe(3)
  })

  it('are not removed while a build goes on, whose slug has no row yet', async () => {
    await deployMany(1, 3)
    const working = Promise.withResolvers<void>()
    bench.builder.working = working.promise
    const before = bench.slugs.kept.length
    await bench.deploy({ web: 'listen 4' })
    await rollBack('v2')
    expect(bench.slugs.kept).toHaveLength(before)
    working.resolve()
    await settle()
    expect(bench.slugs.kept.length).toBeGreaterThan(before)
    expect(bench.slugs.kept.at(-1)).toContain(bench.store.slugs.list().at(-1)?.checksum)
  })

  it('are removed by the next start when the agent was killed at any step of it', async () => {
    await deployMany(1, 3)
    for (let calls = 1; ; calls += 1) {
      const killer = new Killer()
      await bench.stop()
      await bench.start(killer.wrap)
      await bench.clock.advance(1000)
      killer.arm(calls)
      await bench.deploy({ web: `listen ${3 + calls}` }).catch(() => undefined)
      if (!killer.hasKilled) break
      bench.platform.close().catch(() => undefined)
      bench.store.close()
      await bench.start()
      await bench.clock.advance(1000)
      const rows = bench.store.slugs.list()
      expect(bench.slugs.kept.at(-1)).toEqual(rows.map(({ checksum }) => checksum))
      const current = bench.store.releases.current(bench.store.apps.byName('shop')?.id ?? '')
      expect(rows.map(({ id }) => id)).toContain(current?.slugId)
      expect(Object.values(await states()).filter((obstacle) => obstacle === null)).toHaveLength(3)
    }
  }, 240_000)
})
