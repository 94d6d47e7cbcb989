// What is around an app of the contract's walk: its log's drains, what it runs on, slugs from elsewhere, whoever asks.
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { type EmptyEndpointName, emptyEndpoints } from '../../agent/contract/endpoints/empty-endpoints.ts'
import type { WebhookCreate } from '../../agent/contract/webhooks/webhook.ts'
import { until } from '../tooling/until.ts'
import { readText, refused } from './answers.ts'
import type { RealAgent } from './real-agent.ts'
import { packFiles } from './source-of.ts'

/** `app` is one that runs. */
export function describeSurroundings({ app, real }: { app: string; real: () => RealAgent }): void {
  const agent = () => real().agent

  describe('a slug that was made elsewhere', () => {
    it('runs once its archive is there', async () => {
      const name = 'elsewhere'
      await agent().call('createApp', {}, { name })
      const slug = await agent().call(
        'createSlug',
        { app: name },
        { process_types: { worker: 'true' }, commit: 'of CI' },
      )
      expect(slug.blob).toMatchObject({ method: 'PUT', url: expect.stringMatching(/^\/source-blobs\//) })
      const release = () => agent().call('createRelease', { app: name }, { slug: slug.id })
      await expect(release()).rejects.toEqual(refused(422, 'has not arrived'))
      // Whoever may read it does not learn where its archive goes.
      expect((await agent().call('getSlug', { app: name, slug: slug.id })).blob.url).not.toBe(slug.blob.url)
      const bytes = await packFiles({ 'app/said.txt': 'said by a slug from elsewhere' })
      expect((await real().request('PUT', slug.blob.url, bytes)).status).toBe(200)
      expect(await release()).toMatchObject({ version: 2, description: 'Deploy of CI', slug: { id: slug.id } })
      await agent().call('createDyno', { app: name }, { command: 'cat said.txt' })
      await until(async () => {
        const { logplex_url } = await agent().call('createLogSession', { app: name }, { lines: 100 })
        expect(await readText(agent(), logplex_url)).toContain('said by a slug from elsewhere')
      })
      await agent().call('destroyApp', { app: name })
    })
  })

  describe('an app setup', () => {
    it('makes an app of a source and its app.json', async () => {
      const { source_blob } = await agent().call('createSource', {})
      const scripts = { postdeploy: 'echo $GREETING from app.json' }
      const manifest = JSON.stringify({ env: { GREETING: 'hello' }, formation: { web: { quantity: 0 } }, scripts })
      const bytes = await packFiles({ 'shop-1a2b3c4/app.json': manifest, 'shop-1a2b3c4/Procfile': 'web: sleep 600' })
      await real().request('PUT', source_blob.put_url, bytes)
      const body = { app: { name: 'made' }, source_blob: { url: source_blob.get_url } }
      const { id } = await agent().call('createAppSetup', {}, body)
      const ended = await until(async () => {
        const setup = await agent().call('getAppSetup', { setup: id })
        expect(setup.status).not.toBe('pending')
        return setup
      })
      expect(ended).toMatchObject({
        status: 'succeeded',
        app: { name: 'made' },
        build: { status: 'succeeded' },
        postdeploy: { exit_code: 0, output: 'hello from app.json\n' },
      })
      await expect(agent().call('getAppSetup', { setup: 'nothing' })).rejects.toEqual(refused(404, 'app setup'))
      await agent().call('destroyApp', { app: 'made' })
    })
  })

  describe('the command that runs once a release', () => {
    it('is in the formation, where the stock client looks for it, and is not scaled', async () => {
      const name = 'releaser'
      await agent().call('createApp', {}, { name })
      const slug = await agent().call(
        'createSlug',
        { app: name },
        { process_types: { release: 'true', worker: 'true' } },
      )
      await real().request('PUT', slug.blob.url, await packFiles({ 'app/x': '' }))
      const { output_stream_url } = await agent().call('createRelease', { app: name }, { slug: slug.id })
      for await (const _ of agent().readStream(output_stream_url ?? ''));
      const formation = await until(async () => {
        const listed = await agent().call('listFormation', { app: name })
        expect(listed.map(({ type, quantity }) => `${type}=${quantity}`)).toEqual(['worker=0', 'release=0'])
        return listed
      })
      const [worker, release] = formation
      expect(await agent().call('getFormationType', { app: name, type: release?.id ?? '' })).toEqual(release)
      const scale = (type: string, body: object) => agent().call('updateFormationType', { app: name, type }, body)
      await expect(scale('release', { quantity: 1 })).rejects.toEqual(refused(422, 'is not scaled'))
      const [small] = await agent().call('listDynoSizes', {})
      const update = { dyno_size: { id: small?.id } }
      expect(await scale(worker?.id ?? '', update)).toMatchObject({ type: 'worker', size: 'small', quantity: 0 })
    })

    it('fails its release, which the list then shows as failed', async () => {
      const name = 'releaser'
      const slug = await agent().call('createSlug', { app: name }, { process_types: { release: 'exit 1' } })
      await real().request('PUT', slug.blob.url, await packFiles({ 'app/x': '' }))
      const release = await agent().call('createRelease', { app: name }, { slug: slug.id })
      expect(release).toMatchObject({ status: 'pending', current: false, eligible_for_rollback: false })
      for await (const _ of agent().readStream(release.output_stream_url ?? ''));
      await until(async () => {
        const releases = await agent().call('listReleases', { app: name })
        expect(releases.map(({ status, current }) => [status, current])).toEqual([
          ['succeeded', false],
          ['succeeded', true],
          ['failed', false],
        ])
      })
      await agent().call('destroyApp', { app: name })
    })
  })

  describe('its log', () => {
    it('goes to drains, each of which is known by id, token and URL', async () => {
      const received: string[] = []
      const destination = http.createServer(async (request, response) => {
        received.push(String(request.headers['logplex-drain-token']), await text(request))
        response.end()
      })
      await new Promise<void>((resolve) => destination.listen(0, '127.0.0.1', resolve))
      const { port } = destination.address() as { port: number }
      const url = `http://ann:hunter2@127.0.0.1:${port}/a?b=c`
      const drain = await agent().call('createLogDrain', { app }, { url })
      expect(drain).toMatchObject({ url, token: expect.stringMatching(/^d\.[0-9a-f-]{36}$/), app: { name: app } })
      for (const identity of [drain.id, drain.token, url]) {
        expect(await agent().call('getLogDrain', { app, drain: identity })).toEqual(drain)
      }
      await expect(agent().call('createLogDrain', { app }, { url })).rejects.toEqual(refused(422, 'already been taken'))
      await agent().call('createDyno', { app }, { command: 'echo said by a dyno' })
      await until(() => expect(received.join('\n')).toMatch(/\d+ <190>1 \S+ host app run\.\d+ - said by a dyno\n/))
      expect(received).toContain(drain.token)
      expect(await agent().call('listLogDrains', { app })).toEqual([drain])
      expect(await agent().call('destroyLogDrain', { app, drain: url })).toEqual(drain)
      expect(await agent().call('listLogDrains', { app })).toEqual([])
      destination.close()
    })
  })

  describe('its webhooks', () => {
    it('get its events, and show what became of each', async () => {
      const received: string[] = []
      const destination = http.createServer(async (request, response) => {
        received.push(await text(request))
        response.end()
      })
      await new Promise<void>((resolve) => destination.listen(0, '127.0.0.1', resolve))
      const { port } = destination.address() as { port: number }
      const body: WebhookCreate = { include: ['api:domain'], level: 'sync', url: `http://127.0.0.1:${port}/` }
      const created = await agent().call('createWebhook', { app }, { ...body, include: ['dyno'] })
      const webhook = await agent().call('updateWebhook', { app, webhook: created.id }, { include: body.include })
      expect(webhook).toMatchObject({ ...body, app: { name: app } })
      expect(await agent().call('getWebhook', { app, webhook: webhook.id })).toEqual(webhook)
      expect(await agent().call('listWebhooks', { app })).toEqual([webhook])
      await expect(agent().call('createWebhook', { app }, { ...body, url: 'ftp://x.example' })).rejects.toMatchObject({
        status: 422,
      })
      await agent().call('createDomain', { app }, { hostname: 'told.example.com' })
      await until(() => expect(received).toHaveLength(1))
      await agent().call('destroyDomain', { app, domain: 'told.example.com' })
      await until(() => expect(received).toHaveLength(2))
      const delivered = async () => {
        const all = await agent().call('listWebhookDeliveries', { app })
        expect(all.map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
        return all
      }
      const [delivery] = await until(delivered)
      const { event } = delivery ?? expect.unreachable()
      expect(await agent().call('getWebhookDelivery', { app, delivery: delivery?.id ?? '' })).toEqual(delivery)
      const told = await agent().call('getWebhookEvent', { app, event: event.id })
      expect(told.payload).toMatchObject({ action: 'destroy', resource: 'domain', actor: { email: 'ann@laptop' } })
      expect(await agent().call('listWebhookEvents', { app })).toContainEqual(told)
      expect(JSON.parse(received[1] ?? '')).toMatchObject({ id: event.id, action: 'destroy' })
      expect(await agent().call('destroyWebhook', { app, webhook: webhook.id })).toEqual(webhook)
      destination.close()
    })
  })

  describe('what it runs on', () => {
    it('is the one stack, region, generation and set of dyno sizes that a server has, by name and by id', async () => {
      for (const [list, get, parameter] of [
        ['listStacks', 'getStack', 'stack'],
        ['listRegions', 'getRegion', 'region'],
        ['listGenerations', 'getGeneration', 'generation'],
        ['listDynoSizes', 'getDynoSize', 'size'],
      ] as const) {
        const [first] = await agent().call(list, {})
        for (const identity of [first?.name, first?.id]) {
          expect(await agent().call(get, { [parameter]: identity } as never)).toEqual(first)
        }
        await expect(agent().call(get, { [parameter]: 'heroku-24' } as never)).rejects.toEqual(
          refused(404, 'heroku-24'),
        )
      }
      expect(await agent().call('listAppStacks', { app })).toEqual(await agent().call('listStacks', {}))
      expect(await agent().call('listAppDynoSizes', { app })).toEqual(await agent().call('listDynoSizes', {}))
    })

    it('has features that are how it works, and others that are turned on and off, preboot also as a setting of the dynos', async () => {
      const [preboot, , , ...switches] = await agent().call('listAppFeatures', { app })
      expect(preboot).toMatchObject({ name: 'preboot', enabled: true })
      expect(await agent().call('getAppFeature', { app, feature: 'preboot' })).toEqual(preboot)
      const update = (feature: string, enabled: boolean) =>
        agent().call('updateAppFeature', { app, feature }, { enabled })
      expect(await update('preboot', true)).toEqual(preboot)
      await expect(update('runtime-dyno-metadata', false)).rejects.toEqual(refused(422, "can't be turned off"))
      expect(await update('preboot', false)).toMatchObject({ enabled: false })
      expect(await agent().call('getDynoSettings', { app })).toMatchObject({ preboot: false })
      expect(await agent().call('updateDynoSettings', { app }, { preboot: true })).toMatchObject({ preboot: true })
      const sleep = (seconds: number | null) =>
        agent().call('updateDynoSettings', { app }, { sleep_after_seconds: seconds })
      expect(await sleep(1800)).toMatchObject({ preboot: true, sleep_after_seconds: 1800 })
      await expect(sleep(4)).rejects.toMatchObject({ status: 422 })
      expect(await sleep(null)).toMatchObject({ preboot: true, sleep_after_seconds: null })
      expect(await agent().call('getAppFeature', { app, feature: 'preboot' })).toEqual(preboot)
      for (const { enabled, name } of switches) {
        expect([enabled, (await update(name, true)).enabled, (await update(name, false)).enabled]).toEqual([
          ...[false, true, false],
        ])
      }
      await expect(update('runtime-heroku-exec', true)).rejects.toEqual(refused(404, 'heroku run:inside web.1 bash'))
      await expect(update('http-sni', true)).rejects.toEqual(refused(404, 'http-sni'))
    })

    it('has built-in buildpacks, by our name and by Heroku’s', async () => {
      const node = (await agent().call('listBuildpacks', {})).find(({ name }) => name === 'node')
      expect(node).toMatchObject({ namespace: 'hearth', name: 'node', blob_url: 'hearth/node' })
      expect(await agent().call('getBuildpack', { buildpack: 'heroku/nodejs' })).toEqual(node)
      await expect(agent().call('getBuildpack', { buildpack: 'heroku/cobol' })).rejects.toEqual(refused(404, 'cobol'))
    })
  })

  describe('whoever asks', () => {
    it('is known by `~`, by id and by name, and chooses what to be called', async () => {
      const account = await agent().call('getAccount', {})
      for (const user of ['~', account.id, account.email]) {
        expect(await agent().call('getUser', { user })).toEqual(account)
        expect(await agent().call('listUserApps', { user })).toEqual(await agent().call('listApps', {}))
      }
      await expect(agent().call('getUser', { user: 'bob@laptop' })).rejects.toEqual(refused(404, 'bob@laptop'))
      expect(await agent().call('updateAccount', {}, { name: 'Ann' })).toMatchObject({
        name: 'Ann',
        email: 'ann@laptop',
      })
      expect(await agent().call('updateUser', { user: '~' }, { allow_tracking: false })).toMatchObject({ name: 'Ann' })
      expect(await agent().call('getAccount', {})).toMatchObject({ name: 'Ann' })
    })

    it('finds empty lists of what there is none of', async () => {
      for (const name of Object.keys(emptyEndpoints) as EmptyEndpointName[]) {
        expect(await agent().call(name, { app, user: '~' } as never)).toEqual([])
      }
      await expect(agent().call('listAppAddons', { app: 'nothing' })).rejects.toEqual(refused(404, 'nothing'))
      await expect(agent().call('listUserAddons', { user: 'bob@laptop' })).rejects.toEqual(refused(404, 'bob@laptop'))
    })

    it('is told what to do instead of what is not there', async () => {
      const asked = async (method: string, path: string) =>
        JSON.parse(String((await real().request(method, path)).body))
      expect(await asked('GET', '/client/v11/databases/x')).toMatchObject({ id: 'not_found', resource: 'add_on' })
      expect((await asked('POST', '/pipelines')).message).toContain('git push production main')
      expect((await asked('GET', '/nonsense')).message).toContain('docs/heroku-compatibility.md')
    })
  })
}
