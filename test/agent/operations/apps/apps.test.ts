import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Bench, settle } from '../workbench.ts'

let bench: Bench

beforeEach(async () => {
  bench = await Bench.open()
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

const parameters = { app: 'shop' }
const update = (body: { name?: string; maintenance?: boolean }, app = 'shop') =>
  bench.call('updateApp', { parameters: { app }, body })

describe('an app', () => {
  it('is made where it is asked for, or not at all: a server is one region with some stacks', async () => {
    const create = (body: object) => bench.call('createApp', { parameters: {}, body })
    await expect(create({ region: 'eu' })).rejects.toMatchObject({ message: expect.stringContaining('no region "eu"') })
    await expect(create({ stack: 'heroku-22' })).rejects.toMatchObject({
      id: 'invalid_params',
      message: 'There is no stack "heroku-22" on this server, only "fake-1", "ubuntu-24.04".',
    })
    const id = '00000000-0000-4000-8000-00000000bbbb'
    expect(await create({ name: 'there', region: 'nas', stack: id })).toMatchObject({ region: { name: 'nas' } })
    const update = (build_stack: string) =>
      bench.call('updateApp', { parameters: { app: 'there' }, body: { build_stack } })
    await expect(update('container')).rejects.toMatchObject({ id: 'invalid_params' })
    expect(await update('fake-1')).toMatchObject({ build_stack: { name: 'fake-1' } })
  })

  it('keeps the stack that it was built on until it is built anew, and goes back with a rollback', async () => {
    await bench.createApp()
    await bench.deploy({ web: 'listen' })
    const stacks = async () => {
      const { stack, build_stack } = await bench.call('getApp', { parameters: { app: 'shop' }, body: undefined })
      return [stack.name, build_stack.name]
    }
    const body = { build_stack: 'heroku-24' }
    await bench.call('updateApp', { parameters: { app: 'shop' }, body })
    expect(await stacks()).toEqual(['fake-1', 'ubuntu-24.04'])
    expect(bench.logs.lines).toContain('api: Next builds are on ubuntu-24.04 by user ann@laptop')
    await bench.deploy({ web: 'listen' })
    expect(bench.builder.requests.map(({ stack }) => stack)).toEqual(['fake-1', 'ubuntu-24.04'])
    expect(await stacks()).toEqual(['ubuntu-24.04', 'ubuntu-24.04'])
    await bench.call('createRelease', { parameters: { app: 'shop' }, body: { release: 2 } })
    await settle()
    expect(await stacks()).toEqual(['fake-1', 'ubuntu-24.04'])
  })

  it('gets a name of its own when none is given', async () => {
    const app = await bench.call('createApp', { parameters: {}, body: {} })
    expect(app.name).toMatch(/^[a-z]+-[a-z]+-\d{5}$/)
    expect(bench.router.app(app.name)).toMatchObject({ state: 'blank', hostnames: [`${app.name}.localhost`] })
  })

  it('can not have the name of another', async () => {
    await bench.createApp()
    await expect(bench.createApp()).rejects.toMatchObject({
      id: 'invalid_params',
      message: 'Name shop is already taken',
    })
    await bench.createApp('other')
    await expect(update({ name: 'shop' }, 'other')).rejects.toMatchObject({ id: 'invalid_params' })
  })

  it('takes its host name along when it is renamed, and keeps serving', async () => {
    await bench.createApp()
    await bench.deploy({ web: 'listen' })
    await update({ name: 'store' })
    expect(bench.router.app('store')).toMatchObject({ state: 'up', hostnames: ['store.localhost'] })
    await expect(bench.call('getApp', { parameters, body: undefined })).rejects.toMatchObject({ id: 'not_found' })
    await bench.createApp('shop')
  })

  it('is put into maintenance at once, even while a deploy goes on', async () => {
    await bench.createApp()
    await bench.deploy({ web: 'hang' })
    expect(await update({ maintenance: true })).toMatchObject({ maintenance: true })
    expect(bench.router.app('shop').maintenance).toBe(true)
  })

  it('can be changed while the router is away, which gets to know later', async () => {
    await bench.createApp()
    bench.router.isAway = true
    expect(await update({ maintenance: true })).toMatchObject({ maintenance: true })
    bench.router.isAway = false
    expect(bench.problems.splice(0)).toEqual([expect.stringContaining('telling the router failed')])
    await update({ name: 'store' })
    expect(bench.router.app('store').maintenance).toBe(true)
  })

  it('says by features how the router speaks with its dynos', async () => {
    await bench.createApp()
    const turn = (feature: string, enabled: boolean) =>
      bench.call('updateAppFeature', { parameters: { ...parameters, feature }, body: { enabled } })
    expect(await turn('http-disable-keepalive-to-dyno', true)).toMatchObject({ enabled: true, state: 'beta' })
    expect(await turn('http-end-to-end-continue', true)).toMatchObject({ enabled: true })
    await turn('http-session-affinity', true)
    const on = { keepAliveToDynos: false, endToEndContinue: true, sessionAffinity: true }
    expect(bench.router.app('shop')).toMatchObject(on)
    expect(bench.logs.lines.at(-1)).toBe('api: Session affinity enabled by user ann@laptop')
    await turn('http-disable-keepalive-to-dyno', false)
    await turn('http-end-to-end-continue', false)
    await turn('http-session-affinity', false)
    for (const name of Object.keys(on)) expect(bench.router.app('shop')).not.toHaveProperty(name)
  })

  it('has all names below a domain that is a wildcard, and is not opened at it', async () => {
    await bench.createApp()
    const add = (hostname: string) => bench.call('createDomain', { parameters, body: { hostname } })
    await add('*.example.com')
    expect(bench.router.app('shop').hostnames).toEqual(['shop.localhost', '*.example.com'])
    const webUrl = async () => (await bench.call('getApp', { parameters, body: undefined })).web_url
    expect(await webUrl()).toBeNull()
    await add('www.example.com')
    expect(await webUrl()).toBe('http://www.example.com/')
  })

  it('has domains, each of one app only', async () => {
    await bench.createApp()
    await bench.createApp('other')
    const add = (app: string) =>
      bench.call('createDomain', { parameters: { app }, body: { hostname: 'www.example.com' } })
    expect(await add('shop')).toMatchObject({ kind: 'custom', cname: '203.0.113.5' })
    expect(bench.router.app('shop').hostnames).toEqual(['shop.localhost', 'www.example.com'])
    expect(await bench.call('getApp', { parameters, body: undefined })).toMatchObject({
      web_url: 'http://www.example.com/',
    })
    await expect(add('other')).rejects.toMatchObject({ id: 'invalid_params' })
    const domain = { parameters: { ...parameters, domain: 'www.example.com' }, body: undefined }
    await bench.call('destroyDomain', domain)
    expect(bench.router.app('shop').hostnames).toEqual(['shop.localhost'])
    const own = bench.call('destroyDomain', {
      parameters: { ...parameters, domain: 'shop.localhost' },
      body: undefined,
    })
    await expect(own).rejects.toThrow('rename the app')
  })
})

describe('destroying an app', () => {
  beforeEach(async () => {
    await bench.createApp()
    await bench.deploy({ web: 'listen' })
  })

  it('stops its dynos, ends its routes and frees its name', async () => {
    await bench.setConfigVars({ TOKEN: 'opensesame' })
    expect(await bench.call('destroyApp', { parameters, body: undefined })).toMatchObject({ name: 'shop' })
    expect(bench.runner.list()).toEqual([])
    expect(bench.router.table.apps).toEqual([])
    await bench.createApp()
    expect(await bench.releases()).toEqual(['v1 succeeded: Initial release (current)'])
  })

  it('interrupts a deploy that goes on and refuses what waits behind it', async () => {
    await bench.deploy({ web: 'hang' })
    const waiting = bench.setConfigVars({ FOO: '1' })
    const refused = expect(waiting).rejects.toMatchObject({ id: 'conflict' })
    await bench.call('destroyApp', { parameters, body: undefined })
    await refused
    expect(bench.runner.list()).toEqual([])
  })

  it('twice at once destroys it once', async () => {
    const destroy = () => bench.call('destroyApp', { parameters, body: undefined })
    await Promise.allSettled([destroy(), destroy()])
    expect(await bench.call('listApps', { parameters: {}, body: undefined })).toEqual([])
  })

  it('ends a build that goes on', async () => {
    bench.builder.working = new Promise(() => undefined)
    await bench.deploy({ web: 'listen' })
    await bench.call('destroyApp', { parameters, body: undefined })
    await settle()
    expect(await bench.call('listBuildQueue', { parameters: {}, body: undefined })).toEqual([])
  })
})

describe('the server', () => {
  it('describes itself in the contract’s words', async () => {
    await bench.createApp()
    await bench.deploy({ web: 'listen' })
    expect(await bench.call('getServer', { parameters: {}, body: undefined })).toMatchObject({
      name: 'nas',
      router: { state: 'up', port: 80 },
    })
    expect(await bench.call('getServerStatus', { parameters: {}, body: undefined })).toMatchObject({
      requests: { total: 7, in_flight: 0 },
      dynos: [{ name: 'web.1', state: 'up', memory_bytes: 1000 }],
    })
    for (const name of ['listStacks', 'listRegions', 'listDynoSizes', 'getAccount'] as const) {
      await bench.call(name, { parameters: {}, body: undefined })
    }
  })

  it('tells subscribers what changed, numbered without gaps', async () => {
    await bench.createApp()
    await bench.deploy({ web: 'listen' })
    const sequences = bench.events.map(({ sequence }) => sequence)
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index))
    const topics = new Set(bench.events.map(({ topic }) => topic))
    for (const topic of ['apps', 'builds', 'releases', 'dynos', 'formation', 'operation'] as const) {
      expect(topics).toContain(topic)
    }
  })

  it('opens a log session to one reader', async () => {
    await bench.createApp()
    const { logplex_url } = await bench.call('createLogSession', { parameters, body: { lines: 10 } })
    const secret = logplex_url.split('/').at(-1) ?? ''
    expect(await bench.readStream(secret)).toContain('api: Release v1 created by user ann@laptop')
    await expect(bench.readStream(secret)).rejects.toMatchObject({ id: 'not_found' })
  })
})
