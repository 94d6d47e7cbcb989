import { hash } from 'node:crypto'
import { zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { endpoints } from '../../agent/contract/endpoints.ts'
import type { Event } from '../../agent/contract/event.ts'
import type { Agent } from '../../electron/core/ports/agent.ts'
import { until } from '../tooling/until.ts'
import { describeAccess } from './access.ts'
import { collect, readText, refused, visitHost } from './answers.ts'
import { describeName } from './name.ts'
import { openPublishedSchema } from './published-schema.ts'
import { openRealAgent, type RealAgent } from './real-agent.ts'
import { packFiles, sendFiles } from './source-of.ts'
import { describeSurroundings } from './surroundings.ts'

// One app's life, asked over the socket with the desktop's client: each test goes on where the one before ended.

// It starts some thirty processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const app = 'shop'
const server = `require('node:http').createServer((request, response) => response.end(process.env.GREETING ?? 'hello'))
  .listen(process.env.PORT)`
const files = { Procfile: 'web: node server.js\nworker: sleep 600\n', 'server.js': server }

let real: RealAgent
let agent: Agent
const events: Event[] = []
const following = new AbortController()

beforeAll(async () => {
  real = await openRealAgent()
  agent = real.agent
  const followed = Promise.withResolvers<void>()
  void (async () => {
    for await (const event of agent.followEvents(following.signal)) {
      events.push(event)
      followed.resolve()
    }
  })().catch(() => undefined)
  await followed.promise
}, 30_000)
afterAll(async () => {
  following.abort()
  await real.close()
}, 30_000)

const read = (url: string) => readText(agent, url)
const visit = (host: string) => visitHost(real.routerPort, host)

const send = (content: Record<string, string>) => sendFiles(agent, app, content)

/** Builds to the end of its output, which is the end of its release. */
async function deploy(url: string) {
  const build = await agent.call('createBuild', { app }, { source_blob: { url, version: 'abc' } })
  const output = await read(build.output_stream_url)
  return { output, build: await agent.call('getBuild', { app, build: build.id }) }
}

/** Resolves when no release is pending. */
const settled = () =>
  until(async () => {
    const releases = await agent.call('listReleases', { app })
    expect(releases.filter(({ status }) => status === 'pending')).toEqual([])
    return releases
  })

describe('an app', () => {
  it('is created, with a server around it', async () => {
    expect(await agent.call('createApp', {}, { name: app })).toMatchObject({ name: app, maintenance: false })
    await expect(agent.call('createApp', {}, { name: app })).rejects.toEqual(refused(422, 'Name shop is already taken'))
    await expect(agent.call('createApp', {}, { name: '-no' })).rejects.toEqual(refused(422, '3 to 30 characters'))
    expect((await agent.call('listApps', {})).map(({ name }) => name)).toEqual([app])
    expect(await agent.call('getAccount', {})).toMatchObject({ email: 'ann@laptop' })
    expect((await agent.call('getRateLimits', {})).remaining).toBeGreaterThan(1000)
    expect(await agent.call('getServer', {})).toMatchObject({ name: 'contract', router: { state: 'up' } })
    const authority = await agent.call('createAuthority', {})
    expect(await agent.call('getAuthority', {})).toEqual(authority)
    expect(await agent.call('destroyAuthority', {})).toEqual(authority)
    expect(await agent.call('restartRouter', {})).toMatchObject({ router: { state: 'up', version: '' } })
    expect(await agent.call('getServerPodman', {})).toMatchObject({ state: 'unavailable' })
    expect(await agent.call('installServerPodman', {})).toMatchObject({ state: 'unavailable' })
    expect(await agent.call('listStacks', {})).toMatchObject([{ name: 'local' }])
    expect(await agent.call('listRegions', {})).toHaveLength(1)
    expect(await visit('shop.localhost')).toMatchObject({ status: 503 })
  })

  it('gets its code as an incremental source, and answers at its URL', async () => {
    const { output, build } = await deploy(await send(files))
    expect(output).toMatch(/Plain app detected[\s\S]*Nothing to compile[\s\S]*Released v2\n/)
    expect(build).toMatchObject({ status: 'succeeded', buildpacks: [{ url: 'hearth/node' }] })
    expect(await agent.call('listPushedImages', { app })).toEqual([])
    const image = { source: await send(files), id: `sha256:${hash('sha256', server)}` }
    const other = agent.call('putPushedImage', { app, type: 'web' }, { ...image, id: `sha256:${'a'.repeat(64)}` })
    await expect(other).rejects.toEqual(refused(422, 'not among what was sent'))
    const pushed = await agent.call('putPushedImage', { app, type: 'web' }, image)
    expect(await agent.call('listPushedImages', { app })).toEqual([pushed])
    expect(await agent.call('updateRepository', { app }, { deploy_branch: 'live' })).toMatchObject({ size: 0 })
    expect(await agent.call('getRepository', { app })).toMatchObject({ deploy_branches: ['live'], pushed_at: null })
    expect(await agent.call('listBuilds', { app })).toHaveLength(1)
    expect(await visit('shop.localhost')).toEqual({ status: 200, body: 'hello' })
    expect(await agent.call('getServerDiagnostics', {})).toEqual({ units: [], journal: 'agent: started\n' })
    const status = await agent.call('getServerStatus', {})
    expect(status).toMatchObject({ dynos: [{ name: 'web.1', state: 'up' }] })
    const traffic = { app: { name: app }, in_flight: 0, last_request_at: expect.any(String) }
    expect(status.apps?.filter(({ requests }) => requests > 0)).toMatchObject([traffic])
  })

  it('has figures over time: as many as there are steps, unknown where nobody recorded', async () => {
    for (const [span, steps] of Object.entries({ '1h': 360, '24h': 720, '7d': 672 })) {
      const { requests, response_time } = await agent.call('getAppMetrics', { app, span })
      expect([requests['5xx'].length, response_time.p95.length]).toEqual([steps, steps])
      const { memory, cpu } = await agent.call('getServerMetrics', { span })
      expect([memory.used_bytes.length, cpu.used[0]]).toEqual([steps, null])
    }
    await expect(agent.call('getAppMetrics', { app, span: '1y' })).rejects.toEqual(refused(422, '1h, 24h, 7d'))
    expect((await agent.call('getDiskUse', {})).used_by.length).toBeGreaterThan(0)
  })

  it('has a slug whose archive can be fetched, once its buildpacks are known', async () => {
    const [build] = await agent.call('listBuilds', { app })
    const slug = await agent.call('getSlug', { app, slug: build?.slug?.id ?? '' })
    const archive = Buffer.concat(await collect(agent.readStream(slug.blob.url)))
    expect(zstdDecompressSync(archive).includes('app/Procfile')).toBe(true)
    await expect(read('/streams/nonsense')).rejects.toEqual(refused(404, "Couldn't find that stream"))
    const { files } = await agent.call('listSlugFiles', { app, slug: slug.id })
    expect(files).toContainEqual(expect.objectContaining({ path: 'Procfile', executable: false, files: 1 }))
    const weight = await agent.call('getSlugWeight', { app, slug: slug.id })
    expect(weight).toMatchObject({ kinds: [{ kind: 'code', size: weight.size }], previous: null, hints: [] })
    expect(weight.biggest.map(({ path }) => path)).toContain('Procfile')
    const installed = await agent.call('listBuildpackInstallations', { app })
    expect(installed).toMatchObject([{ ordinal: 0, buildpack: { url: 'hearth/node' } }])
    expect(await agent.call('updateBuildpackInstallations', { app }, { updates: [] })).toEqual([])
  })

  it('is built from an uploaded tarball too', async () => {
    const { source_blob } = await agent.call('createAppSource', { app })
    expect((await agent.call('createSource', {})).source_blob.put_url).not.toBe(source_blob.put_url)
    const bytes = await packFiles(files)
    const path = new URL(source_blob.put_url, 'http://agent').pathname
    expect((await real.request('PUT', path, bytes)).status).toBe(200)
    expect((await deploy(source_blob.get_url)).output).toContain('Released v3')
  })

  it('has builds that can be cancelled while they run, and a queue that shows them', async () => {
    const url = await send({ ...files, slow: '' })
    const build = await agent.call('createBuild', { app }, { source_blob: { url } })
    const waiting = await agent.call('createBuild', { app }, { source_blob: { url } })
    const queue = await agent.call('listBuildQueue', {})
    expect(queue.map(({ id, state, ahead }) => [id, state, ahead])).toEqual([
      [build.id, 'running', 0],
      [waiting.id, 'queued', 1],
    ])
    expect(await agent.call('cancelBuild', { app, build: waiting.id })).toMatchObject({ status: 'failed' })
    await agent.call('cancelBuild', { app, build: build.id })
    expect(await read(build.output_stream_url)).toMatch(/cancelled by ann@laptop/)
    expect(await read(waiting.output_stream_url)).toMatch(/^-----> Waiting: 1 build is before this one\n/)
    await agent.call('destroyBuildCache', { app })
  })
})

describe('its config vars', () => {
  const set = (body: Record<string, string | null>) => agent.call('updateConfigVars', { app }, body)

  it('make a release, and a rollback takes them back', async () => {
    expect(await set({ GREETING: 'bonjour' })).toEqual({ GREETING: 'bonjour' })
    await settled()
    expect((await visit('shop.localhost')).body).toBe('bonjour')
    await agent.call('createRelease', { app }, { release: 'v2' })
    const releases = await settled()
    expect(releases.at(-1)).toMatchObject({ version: 5, description: 'Rollback to v2', current: true })
    expect(await agent.call('getConfigVars', { app })).toEqual({})
    expect(await agent.call('getReleaseConfigVars', { app, release: '4' })).toEqual({ GREETING: 'bonjour' })
    expect(await agent.call('getRelease', { app, release: 'v5' })).toMatchObject({ status: 'succeeded' })
    expect(await agent.call('listReleaseLinks', { app })).toHaveLength(5)
    const states = await agent.call('listReleaseStates', { app })
    expect(states.map((state) => state.rollback_obstacle)).toEqual(['it has no code to run', null, null, null, null])
    await expect(agent.call('createRelease', { app }, { release: 'v1' })).rejects.toEqual(
      refused(422, 'no code to run'),
    )
  })

  it('have names that a shell can export, and bounded values', async () => {
    for (const name of ['1A', 'A-B', 'A B', '', 'É']) {
      await expect(set({ [name]: 'x' }), name).rejects.toEqual(refused(422, 'letters, digits and underscores'))
    }
    await expect(set({ LARGE: 'x'.repeat(65_537) })).rejects.toEqual(refused(422, 'LARGE'))
    await expect(set({ LARGE: 'é'.repeat(40_000) })).rejects.toEqual(refused(422, 'LARGE.*80000 bytes.*64 KiB'))
    const many = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`V${index}`, 'x'.repeat(60_000)]))
    await expect(set(many)).rejects.toEqual(refused(422, '256 KiB is the limit'))
    expect(await agent.call('listReleases', { app })).toHaveLength(5)
  })
})

describe('its formation', () => {
  it('is scaled by number and by difference, within limits', async () => {
    const update = (body: object) => agent.call('updateFormationType', { app, type: 'web' }, body)
    expect(await update({ quantity: '+1' })).toMatchObject({ quantity: 2 })
    await until(async () => expect(upDynos(await agent.call('listDynos', { app }))).toEqual(['web.1', 'web.2']))
    await expect(update({ quantity: 101 })).rejects.toEqual(refused(422, 'quantity'))
    await expect(update({ quantity: '+99' })).rejects.toEqual(refused(422, 'between 0 and 100'))
    await expect(update({ size: 'performance-l' })).rejects.toEqual(refused(422, 'no dyno size "performance-l"'))
    const both = [
      { type: 'web', quantity: 1, size: 'Small' },
      { type: 'nonsense', quantity: 1 },
    ]
    await expect(agent.call('updateFormation', { app }, { updates: both })).rejects.toEqual(
      refused(404, 'process type'),
    )
    const [web] = await agent.call('updateFormation', { app }, { updates: both.slice(0, 1) })
    expect(web).toMatchObject({ quantity: 1, size: 'small' })
    expect(await agent.call('getFormationType', { app, type: 'worker' })).toMatchObject({ quantity: 0 })
    expect(await agent.call('listFormation', { app })).toHaveLength(2)
    const sizes = await agent.call('listDynoSizes', {})
    expect(sizes.map(({ name }) => name)).toEqual(['small', 'standard', 'large', 'xlarge', 'huge'])
    await until(async () => expect(upDynos(await agent.call('listDynos', { app }))).toEqual(['web.1']))
  })

  it('is restarted and stopped, one dyno, one type or all of it, and comes back', async () => {
    const id = async () => (await agent.call('getDyno', { app, dyno: 'web.1' })).id
    for (const restart of [
      () => agent.call('restartAllDynos', { app }),
      () => agent.call('restartDyno', { app, dyno: 'web.1' }),
      () => agent.call('restartFormationType', { app, type: 'web' }),
      () => agent.call('stopDyno', { app, dyno: 'web.1' }),
      () => agent.call('stopFormationType', { app, type: 'web' }),
    ]) {
      const before = await id()
      await restart()
      await until(async () => {
        expect(await id()).not.toBe(before)
        const dynos = await agent.call('listDynos', { app })
        expect(dynos.map(({ name, state }) => `${name} ${state}`)).toEqual(['web.1 up'])
      })
    }
    expect(await agent.call('listDynoStatuses', { app })).toMatchObject([{ name: 'web.1', reason: null }])
    expect((await visit('shop.localhost')).status).toBe(200)
    await expect(agent.call('restartFormationType', { app, type: 'clock' })).rejects.toEqual(
      refused(404, String.raw`process type \(clock\)`),
    )
  })

  it('is joined by one-off dynos with a terminal', async () => {
    const command = 'stty size; read -r line; stty size; exit 7'
    const dyno = await agent.call('createDyno', { app }, { command, attach: true })
    expect(dyno).toMatchObject({ name: expect.stringMatching(/^run\.\d+$/), state: 'starting' })
    expect(await agent.call('getDyno', { app, dyno: dyno.id })).toMatchObject({ state: 'starting', attach_url: null })
    const terminal = await agent.attach(dyno.attach_url ?? '', { kind: 'pty', columns: 90, rows: 20 })
    let screen = ''
    for await (const bytes of terminal.output) {
      screen += Buffer.from(bytes)
      if (screen.includes('20 90') && !screen.includes('go')) {
        await agent.call('resizeDyno', { app, dyno: dyno.name }, { columns: 100, rows: 30 })
        await terminal.write(Buffer.from('go\n'))
      }
    }
    expect(screen).toContain('30 100')
    expect(await terminal.exitCode).toBe(7)
  })

  it('is joined by one-off dynos on pipes, and by commands inside a dyno', async () => {
    const run = async (dyno: { attach_url: string | null }, input: string) => {
      let errors = ''
      const onErrors = async (bytes: Uint8Array) => {
        errors += Buffer.from(bytes)
      }
      const terminal = await agent.attach(dyno.attach_url ?? '', { kind: 'pipes', onErrors })
      await terminal.write(Buffer.from(input))
      terminal.end()
      const pieces = await collect(terminal.output)
      return { output: Buffer.concat(pieces).toString(), errors, exitCode: await terminal.exitCode }
    }
    // As the stock client does at a terminal.
    const env = { TERM: 'xterm', COLUMNS: 100, LINES: 30 }
    const create = (command: string) => agent.call('createDyno', { app }, { command, attach: true, env })
    expect(await run(await create('wc -c; echo $COLUMNS; echo oops >&2; kill -9 $$'), '\0\xff')).toEqual({
      output: '3\n100\n',
      errors: 'oops\n',
      exitCode: 137,
    })
    const inside = await agent.call(
      'runInsideDyno',
      { app, dyno: 'web.1' },
      { command: 'cat; echo $DYNO $EXTRA', env: { EXTRA: 'x' } },
    )
    expect(await run(inside, 'in')).toEqual({ output: 'inweb.1 x\n', errors: '', exitCode: 0 })
    expect(await agent.call('listDynos', { app })).toHaveLength(1)
  })
})

describeName({ app, real: () => real })
describeAccess({ app, real: () => real })
describeSurroundings({ app, real: () => real })

describe('what happened', () => {
  it('is told by who did it', async () => {
    const [newest, ...older] = await agent.call('listAppActivity', { app })
    expect(newest).toMatchObject({
      app: { name: app },
      user: { email: 'ann@laptop' },
      key: expect.stringMatching(/^SHA256:/),
    })
    expect(older.at(-1)).toMatchObject({ description: 'Initial release (v1)' })
    const ofServer = await agent.call('listServerActivity', {})
    expect(ofServer.map(({ description }) => description)).toContain(`Created the app ${app}`)
  })

  it('is in its log and in the stream of events', async () => {
    const { logplex_url } = await agent.call('createLogSession', { app }, { lines: 1500 })
    const log = await read(logplex_url)
    for (const line of ['app[api]: Release v2 created by user ann@laptop', 'heroku[router]: ', 'heroku[web.1]: ']) {
      expect(log).toContain(line)
    }
    const session = await agent.call('createLogSession', { app }, { lines: 2 })
    const stream = await real.request('GET', session.logplex_url, undefined, { accept: 'text/event-stream' })
    expect(stream.contentType).toBe('text/event-stream')
    expect(stream.body.toString()).toMatch(/^:\n\n(id: \d{16}-\d+\ndata: \S+ \w+\[[^\]]+\]: .*\n\n){2}retry: 1\n\n$/)
    const { segments } = await agent.call('getLogHistory', { app })
    const { id = 0 } = segments.at(-1) ?? {}
    expect((await agent.call('getLogSegment', { app, segment: String(id) })).text).toContain('Release v2 created')
    const { found, before } = await agent.call('searchLog', { app }, { text: 'release V2 CREATED' })
    expect(found).toMatchObject([{ segment: id, lines: [expect.any(Number)] }])
    expect(before).toBe(null)
    await agent.call('destroyApp', { app })
    await expect(agent.call('getApp', { app })).rejects.toEqual(refused(404, 'shop'))
    expect(await agent.call('getApp', { app: 'other' })).toMatchObject({ name: 'other' })
    await until(() => {
      const topics = new Set(events.map(({ topic }) => topic))
      expect([...topics].sort()).toEqual(
        expect.arrayContaining(['apps', 'builds', 'config-vars', 'domains', 'releases']),
      )
    })
  })

  it('was every endpoint of the contract', () => {
    // Sent by hand above, and by git in git.test.ts; the last key of a person is never taken out alone.
    const others = ['putSource', 'receivePack', 'uploadPack', 'destroyPersonKey']
    const walked = new Set<string>([...real.walked, ...others])
    expect(Object.keys(endpoints).filter((name) => !walked.has(name))).toEqual([])
  })

  it('was answered with exactly the fields that Heroku publishes, where its schema is at hand', () => {
    const schema = openPublishedSchema()
    const faults = real.answers.flatMap(({ endpoint, answer }) => {
      const { method, path, response } = endpoints[endpoint]
      return typeof response === 'string' ? [] : (schema?.findFaults(method, path, answer) ?? [])
    })
    expect([...new Set(faults)]).toEqual([])
  })
})

function upDynos(dynos: readonly { name: string; state: string }[]): string[] {
  return dynos
    .filter(({ state }) => state === 'up')
    .map(({ name }) => name)
    .sort()
}
