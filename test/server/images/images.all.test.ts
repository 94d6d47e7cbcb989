// Images on a real server: made and pulled by podman there, of root file systems that this test makes.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installPodman } from '../../../electron/core/servers/install-podman.ts'
import { eventually } from '../../servers/eventually.ts'
import type { TestDesktop } from '../hearth-server.ts'
import { ImageServer, makeSource } from './image-server.ts'
import type { Registry } from './registry.ts'
import { makeRootTar, serverSaying } from './root-files.ts'

let images: ImageServer
let desktop: TestDesktop
let registry: Registry
let place: string

beforeAll(async () => {
  // As a server is that nobody has run containers on: the first test is what its owner does.
  const purge = ['apt-get', 'purge', '-qq', '-y', '--auto-remove', 'podman', 'crun']
  images = await ImageServer.open({ prepare: (server) => server.exec(purge) })
  ;({ desktop, registry, place } = images)
}, 900_000)
afterAll(() => images?.[Symbol.asyncDispose]())

const agent = () => images.agent
const deployImage = (app: string, reference: string) => images.deploy(app, `docker://${reference}`)
const ask = (app: string) => images.ask(app)
const runOneOff = (app: string, command: string) => images.runOneOff(app, command)

const config = {
  Entrypoint: ['/bin/sh', '-c'],
  Cmd: ['exec perl /srv/server.pl'],
  Env: ['PLACE=registry', 'PATH=/bin'],
  WorkingDir: '/srv',
}
const layer = (text: string) => makeRootTar({ 'srv/server.pl': serverSaying(text) })
const releases = (app: string) => agent().call('listReleases', { app })

test('a server without podman says how it gets it, and gets it from its own package sources', async () => {
  const app = 'early'
  await agent().call('createApp', {}, { name: app, stack: 'container' })
  registry.put('shop:0', layer('early'), config)
  const refused = await deployImage(app, `${place}/shop:0`)
  expect(refused.output).toContain('Whoever manages the server installs it by: hearth podman install')
  expect(await agent().call('getServerPodman', {})).toMatchObject({ state: 'missing', output: null })
  await expect(agent().call('updateDynoSettings', { app }, { podman: true })).rejects.toThrow('hearth podman install')
  let printed = ''
  const onOutput = async (text: string) => {
    printed += text
  }
  const options = { onOutput, signal: AbortSignal.timeout(240_000) }
  expect(await installPodman(agent(), options)).toMatchObject({ state: 'ready', problem: null })
  expect(printed).toContain('Setting up podman')
  expect((await deployImage(app, `${place}/shop:0`)).build.status).toBe('succeeded')
  await eventually(async () => (await ask(app)) === 'web.1 early  registry 1000 dyno', 30_000, 'no answer')
}, 400_000)

test('an image of a registry is deployed, and a release stays what it is when the tag moves', async () => {
  const app = 'pulled'
  await agent().call('createApp', {}, { name: app })
  const first = registry.put('shop:1', layer('first'), config)
  const deployed = await deployImage(app, `${place}/shop:1`)
  expect(deployed.output).toContain(`web is ${first}`)
  expect(deployed.build.status).toBe('succeeded')
  await eventually(async () => (await ask(app)) === 'web.1 first  registry 1000 dyno', 30_000, 'no answer')
  expect((await releases(app)).at(-1)?.description).toContain(first.slice(0, 19))

  await agent().call('updateConfigVars', { app }, { GREETING: 'hello' })
  await eventually(async () => (await ask(app)) === 'web.1 first hello registry 1000 dyno', 30_000, 'no new release')
  registry.put('shop:1', layer('second'), config)
  expect((await deployImage(app, `${place}/shop:1`)).build.status).toBe('succeeded')
  await eventually(async () => (await ask(app)).includes('second'), 30_000, 'not the second')

  const version = (await releases(app)).length - 1
  await agent().call('createRelease', { app }, { release: version })
  await eventually(async () => (await ask(app)) === 'web.1 first hello registry 1000 dyno', 30_000, 'not back')
}, 300_000)

test('a one-off dyno and a command inside a dyno run in the image, as the app’s user', async () => {
  const told = await runOneOff(
    'pulled',
    'pwd; id -u; echo $PLACE $HOME; touch /etc/x /srv/y && echo written; cat /proc/1/uid_map',
  )
  expect(told).toMatch(/^\/srv\n1000\nregistry \/srv\nwritten\n\s+0\s+0\s+1\n\s+1000\s+19\d+\s+1\n$/)
}, 60_000)

test('what is wrong with an image is told with what to do', async () => {
  const app = 'pulled'
  const failures: [string, RegExp][] = [
    [`${place}/shop:9`, /There is no image \S+shop:9 in its registry/],
    [`${place}/shop@sha256:${'0'.repeat(64)}`, /There is no image \S+shop@sha256:0+ in its registry/],
    [`${place.replace(/\d+$/, '9')}/shop:1`, /The registry \S+:9 could not be reached/],
    ['no-such-place.example/shop:1', /The registry no-such-place.example is not known/],
  ]
  for (const [reference, reason] of failures) {
    const { output, build } = await deployImage(app, reference)
    expect(output).toMatch(reason)
    expect(build.status).toBe('failed')
  }
  registry.login = 'ann:secret'
  const refused = await deployImage(app, `${place}/shop:1`)
  await agent().call('updateConfigVars', { app }, { HEARTH_REGISTRY_LOGIN: `ann:secret@${place}` })
  registry.put('private:1', layer('first'), config)
  expect((await deployImage(app, `${place}/private:1`)).build.status).toBe('succeeded')
  registry.login = null
  const kept =
    'grep -rl "ann:secre[t]" /run /proc/[0-9]*/cmdline /proc/[0-9]*/environ /var/log /var/lib/hearth 2>/dev/null | cat'
  expect(await images.runScript(kept)).toBe('')
  expect(refused.output).toMatch(/The registry wants a login/)
  registry.put('odd:1', layer('odd'), config, process.arch === 'arm64' ? 'amd64' : 'arm64')
  expect((await deployImage(app, `${place}/odd:1`)).output).toMatch(/is made for linux\/a\w+64, and this server is/)
  registry.put('mute:1', layer('mute'), { Env: ['PATH=/bin'] })
  expect((await deployImage(app, `${place}/mute:1`)).output).toMatch(/has no CMD and no ENTRYPOINT/)
  expect(await ask(app)).toContain('first')
}, 300_000)

const dockerfile = [
  'FROM scratch',
  'ADD rootfs.tar /',
  'ARG FLAVOUR=plain',
  'ENV PATH=/bin PLACE=built',
  'RUN id -u && echo "$FLAVOUR" >/srv/flavour && ls /proc | env',
  'COPY server.pl /srv/',
  'USER servant',
  'EXPOSE 3000',
  'CMD exec perl /srv/server.pl',
]

test('a Dockerfile is built, by steps that are not done again, and its user is kept', async () => {
  const app = 'built'
  await agent().call('createApp', {}, { name: app, stack: 'container' })
  const files = { 'rootfs.tar': makeRootTar(), Dockerfile: dockerfile.join('\n') }
  const first = await images.deployFiles(app, { ...files, 'server.pl': serverSaying('one') })
  expect(first.output).toContain('EXPOSE 3000/tcp has no effect')
  expect(first.state).toBe('succeeded')
  await eventually(async () => (await ask(app)) === 'web.1 one  built 33 servant', 30_000, 'no answer')
  const second = await images.deployFiles(app, { ...files, 'server.pl': serverSaying('two') })
  expect(second.output.match(/--> Using cache/g)?.length).toBeGreaterThanOrEqual(4)
  await eventually(async () => (await ask(app)) === 'web.1 two  built 33 servant', 30_000, 'no answer')
}, 300_000)

test('heroku.yml of the folder that PROJECT_PATH names builds several images, and says what runs in which', async () => {
  const app = 'several'
  await agent().call('createApp', {}, { name: app, stack: 'container' })
  const yml = [
    'setup: { config: { COLOUR: blue } }',
    'build:',
    '  docker: { web: Dockerfile, worker: worker/Dockerfile }',
    '  config: { FLAVOUR: vanilla }',
    'release: { image: worker, command: [ "echo released in $PLACE" ] }',
    'run:',
    '  web: exec perl /srv/server.pl',
    '  flavour: { image: web, command: [ cat, /srv/flavour ] }',
  ]
  const worker = ['FROM scratch', 'ADD rootfs.tar /', 'ENV PATH=/bin PLACE=worker', 'CMD ["sleep", "600"]']
  const rootfs = makeRootTar()
  const files = {
    'package.json': '{}',
    'heroku.yml': yml.join('\n'),
    Dockerfile: dockerfile.join('\n'),
    'rootfs.tar': rootfs,
    'server.pl': serverSaying('yml'),
    'worker/Dockerfile': worker.join('\n'),
    'worker/rootfs.tar': rootfs,
  }
  // In a folder of a whole, which goes.
  await agent().call('updateConfigVars', { app }, { PROJECT_PATH: 'shop' })
  const inFolder = Object.fromEntries(Object.entries(files).map(([name, content]) => [`shop/${name}`, content]))
  const whole = { 'package.json': '{ "workspaces": ["shop"] }', Dockerfile: 'FROM scratch' }
  const deploy = await images.deployFiles(app, { ...whole, ...inFolder })
  expect(deploy.output).toContain('The app is the folder shop (PROJECT_PATH)')
  expect(deploy.output).toContain('released in worker')
  expect(deploy.output).toContain('COLOUR')
  expect(deploy.state).toBe('succeeded')
  const formation = await agent().call('listFormation', { app })
  expect(Object.fromEntries(formation.map(({ type, command }) => [type, command]))).toEqual({
    web: 'exec perl /srv/server.pl',
    flavour: 'cat /srv/flavour',
    worker: 'sleep 600',
    release: 'echo released in $PLACE',
  })
  expect(await runOneOff(app, 'cat /srv/flavour')).toBe('vanilla\n')
}, 300_000)

test('what goes wrong in a Dockerfile is told with what to do', async () => {
  const app = 'broken'
  await agent().call('createApp', {}, { name: app, stack: 'container' })
  const base = ['FROM scratch', 'ADD rootfs.tar /', 'ENV PATH=/bin']
  const failures: [string[], RegExp][] = [
    [['FROM scratch', 'COPY missing.txt /'], /COPY missing.txt \/ failed: missing.txt is not in the source/],
    [['FROM scratch', 'COPY secret.txt /'], /excluded by .dockerignore|is not in the source/],
    [[...base, 'RUN echo oh no; exit 7'], /RUN echo oh no; exit 7 failed with status 7/],
    [['FORM scratch'], /The Dockerfile can't be read/],
    [[...base, 'RUN bomb() { bomb | bomb & }; bomb; sleep 60'], /wanted more than \d+ processes/],
    [['FROM no-such-place.example/base:1'], /The registry no-such-place.example is not known/],
  ]
  const rest = { 'rootfs.tar': makeRootTar(), '.dockerignore': 'secret.txt', 'secret.txt': 'x' }
  for (const [lines, reason] of failures) {
    const deploy = await images.deployFiles(app, { ...rest, Dockerfile: lines.join('\n') })
    expect(deploy.output).toMatch(reason)
    expect(deploy.state).toBe('failed')
  }
  const none = await images.deployFiles(app, { 'index.html': 'x' })
  expect(none.output).toMatch(/has a heroku.yml or a Dockerfile at its root; this one has neither/)
}, 400_000)

test('a registry that breaks off costs that deploy and nothing else', async () => {
  registry.put('shop:2', layer('broken off'), config)
  registry.isBreaking = true
  const broken = await deployImage('pulled', `${place}/shop:2`)
  registry.isBreaking = false
  expect(broken.output).toContain('The connection to the registry broke before the image was there.')
  expect(await ask('pulled')).toContain('first')
  expect((await deployImage('pulled', `${place}/shop:2`)).build.status).toBe('succeeded')
}, 300_000)

test('a build whose agent is killed ends with it, and done again it goes on from its steps', async () => {
  const app = 'built'
  const lines = [...dockerfile.slice(0, -1), 'RUN sleep 17', ...dockerfile.slice(-1)]
  const files = { 'rootfs.tar': makeRootTar(), 'server.pl': serverSaying('three') }
  const deploy = desktop.startDeploy(app, await makeSource({ ...files, Dockerfile: lines.join('\n') }))
  const isSleeping = () => images.isRunning('sleep 17')
  await eventually(isSleeping, 60_000, 'the build does not get there')
  await images.server.exec(['systemctl', 'kill', '--signal=KILL', 'hearth-agent'])
  await desktop.whenAnswering()
  expect(await ask(app)).toContain('two')
  const ended = await desktop.finish(deploy)
  expect(ended.error).toContain('The agent stopped during this build.')
  expect(await isSleeping()).toBe(false)
  const again = await images.deployFiles(app, { ...files, Dockerfile: dockerfile.join('\n') })
  expect(again.output).toContain('--> Using cache')
  await eventually(async () => (await ask(app)).includes('three'), 30_000, 'not the third')
}, 300_000)

test('nothing is left of builds but their cache, and no build has reached the server', async () => {
  expect(await images.leftOfBuilds()).toBe('0\n')
}, 60_000)
