// Apps of images beside others: pushed from elsewhere, released together, scaled, asleep, too large, cancelled, rolled back.
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pushImage } from '../../../electron/core/images/push-image.ts'
import { eventually, type Server } from '../../servers/index.ts'
import type { TestDesktop } from '../hearth-server.ts'
import { ImageServer, makeSource } from './image-server.ts'
import { makeRootTar, serverSaying } from './root-files.ts'

let images: ImageServer
let server: Server
let desktop: TestDesktop

beforeAll(async () => {
  images = await ImageServer.open({ environment: () => 'HEARTH_SETTINGS="sleepLookMs=200"' })
  ;({ server, desktop } = images)
  await writeFile(server.path('/root/base.tar'), makeRootTar())
  const base = `import --quiet --change ENV=PATH=/bin --change ENV=PLACE=pushed /root/base.tar localhost/base:1`
  await server.exec([...ownPodman, ...base.split(' ')])
}, 900_000)
afterAll(() => images?.[Symbol.asyncDispose]())

/** Not Hearth's: somebody's who makes images. What a test machine's own folders are on takes no overlays. */
const ownPodman = ['podman', '--storage-driver', 'vfs', '--root', '/root/storage', '--runroot', '/run/storage']

const saveScript = `set -e
engine() { ${ownPodman.join(' ')} "$@"; }
container=$(engine create localhost/base:1 true)
engine cp /root/server.pl "$container:/srv/server.pl"
engine commit --quiet --format docker --change 'CMD exec perl /srv/server.pl' "$container" localhost/saved:1 >/dev/null
engine rm "$container" >/dev/null
rm -f /root/saved.tar
engine save --quiet --output /root/saved.tar localhost/saved:1
engine image inspect --format '{{.Id}}' localhost/saved:1`

/** An image over the same base as podman of somebody else's saves it, pushed to the app. */
async function push(app: string, type: string, text: string) {
  await writeFile(server.path('/root/server.pl'), serverSaying(text))
  const id = (await server.exec(['bash', '-c', saveScript])).stdout.trim()
  let parts = 0
  const archive = createReadStream(server.path('/root/saved.tar'))
  const { agent } = images
  const pushed = await pushImage({
    ...{ agent, app, type, archive, signal: AbortSignal.timeout(60_000) },
    onProgress: ({ files }) => {
      parts = files.total
    },
  })
  expect(pushed).toMatchObject({ process_type: type, id: `sha256:${id}` })
  return { id: pushed.id, parts }
}

const release = (app: string, updates: { type: string; docker_image?: string; quantity?: number }[]) =>
  images.agent.call('updateFormation', { app }, { updates })
const scale = (app: string, quantity: number) => release(app, [{ type: 'web', quantity }])
const newest = async (app: string) => (await images.agent.call('listReleases', { app })).at(-1)

test('images are pushed layer by layer, released together, and each process type keeps its own', async () => {
  const app = 'pushed'
  await images.agent.call('createApp', {}, { name: app })
  const web = await push(app, 'web', 'first')
  const worker = await push(app, 'worker', 'working')
  // Base, configuration, manifest and the layer over it; then all but the base.
  expect([web.parts, worker.parts]).toEqual([4, 3])
  await release(app, [
    { type: 'web', docker_image: web.id },
    { type: 'worker', docker_image: worker.id, quantity: 1 },
  ])
  await images.answers(app, 'web.1 first  pushed 1000 dyno')
  expect((await newest(app))?.description).toMatch(/^Deployed web \([0-9a-f]{12}\), worker \([0-9a-f]{12}\)$/)
  await eventually(
    async () => (await desktop.logLines(app)).includes('app[worker.1]: listening in pushed'),
    30_000,
    'no worker',
  )

  const second = await push(app, 'web', 'second')
  // As hearth container:release does it, followed like a deploy.
  const openSource = async () => ({ url: `images:web=${second.id}` })
  const released = await desktop.finish(desktop.core.deploys.start({ ...desktop.of(app), openSource }))
  expect(released).toMatchObject({ state: 'succeeded' })
  expect(released.output).toContain('worker stays as it is: sha256:')
  await images.answers(app, 'web.1 second  pushed 1000 dyno')
  const run = 'cat /srv/server.pl'
  expect(await images.runOneOff(app, run)).toContain("'second'")
  const inside = await images.agent.call('listDynos', { app })
  expect(inside.map(({ name }) => name).sort()).toEqual(['web.1', 'worker.1'])
  const { id } = (await newest(app)) ?? {}
  expect((await images.agent.call('listFormation', { app })).map(({ type }) => type)).toEqual(['web', 'worker'])
  // The worker's files came over from the release before.
  const find = `grep -l "'working'" /var/lib/hearth/slugs/*/app/worker/srv/server.pl | wc -l`
  expect(Number(await images.runScript(find))).toBeGreaterThanOrEqual(2)
  await expect(release(app, [{ type: 'web', docker_image: web.id }])).rejects.toThrow('Push it again')
  expect((await newest(app))?.id).toBe(id)
}, 300_000)

test('an app of an image is scaled up and down, and its log has each dyno', async () => {
  const app = 'pushed'
  const names = async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => images.ask(app)))
    return [...new Set(answers.map((answer) => answer.split(' ')[0]))].sort().join()
  }
  await scale(app, 3)
  await eventually(async () => (await names()) === 'web.1,web.2,web.3', 60_000, 'not three dynos')
  expect(await desktop.logLines(app)).toContain('app[web.3]: listening in pushed')
  await scale(app, 1)
  await eventually(async () => (await names()) === 'web.1', 60_000, 'not one dyno')
  const left =
    'systemctl list-units --no-legend "hearth-dyno-*" | wc -l; find /run/hearth/dynos -maxdepth 1 -mindepth 1 | wc -l'
  await eventually(
    async () => (await images.runScript(left)) === '2\n2\n',
    30_000,
    'more than the web dyno and the worker are left',
  )
}, 180_000)

test('an app of an image falls asleep, and wakes for who asks', async () => {
  const app = 'pushed'
  await images.agent.call('updateDynoSettings', { app }, { sleep_after_seconds: 5 })
  const states = async () => (await images.agent.call('listDynos', { app })).map(({ state }) => state).join()
  await eventually(async () => (await states()) === 'idle,idle', 60_000, 'it does not fall asleep')
  expect(await images.ask(app)).toBe('web.1 second  pushed 1000 dyno')
  await images.agent.call('updateDynoSettings', { app }, { sleep_after_seconds: null })
}, 120_000)

test('an image that takes more memory than its size has is told so', async () => {
  const app = 'pushed'
  const command = `perl -e 'my $x = ""; vec($x, 570 * 1024 * 1024, 8) = 1; sleep 60'`
  const { name } = await images.agent.call('createDyno', { app }, { command, attach: false })
  const lines = async () => (await desktop.logLines(app)).join('\n')
  await eventually(
    async () => (await lines()).includes(`heroku[${name}]: Error R14 (Memory quota exceeded)`),
    60_000,
    'no R14',
  )
  await images.agent.call('stopDyno', { app, dyno: name })
}, 120_000)

test('a build of an image is cancelled at once, and what served goes on', async () => {
  const app = 'pushed'
  const lines = ['FROM scratch', 'ADD rootfs.tar /', 'ENV PATH=/bin', 'RUN sleep 543', 'CMD sleep 600']
  const files = { 'rootfs.tar': makeRootTar(), Dockerfile: lines.join('\n') }
  const { id } = desktop.startDeploy(app, await makeSource(files))
  const isSleeping = () => images.isRunning('sleep 543')
  await eventually(isSleeping, 60_000, 'the build does not get there')
  expect(await desktop.core.deploys.cancel(id)).toMatchObject({ state: 'cancelled' })
  expect(await isSleeping()).toBe(false)
  const isClean = async () => (await images.leftOfBuilds()) === '0\n'
  await eventually(isClean, 30_000, 'something is left of the build')
  expect(await images.ask(app)).toContain('second')
}, 180_000)

test('a rollback brings back an image whose registry is gone', async () => {
  const { registry, place } = images
  const app = 'orphan'
  const config = { Cmd: ['/bin/sh', '-c', 'exec perl /srv/server.pl'], Env: ['PATH=/bin', 'PLACE=registry'] }
  await images.agent.call('createApp', {}, { name: app })
  for (const text of ['old', 'new']) {
    registry.put('shop:1', makeRootTar({ 'srv/server.pl': serverSaying(text) }), config)
    expect((await images.deploy(app, `docker://${place}/shop:1`)).build.status).toBe('succeeded')
    await images.answers(app, `web.1 ${text}  registry 1000 dyno`)
  }
  await registry[Symbol.asyncDispose]()
  await images.agent.call('createRelease', { app }, { release: 2 })
  await images.answers(app, 'web.1 old  registry 1000 dyno')
  expect((await images.deploy(app, `docker://${place}/shop:1`)).output).toContain('could not be reached')
}, 240_000)
