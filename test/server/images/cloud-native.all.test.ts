// Apps made by a builder of Cloud Native Buildpacks on a real server: the real lifecycle, a builder that this test makes.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../servers/eventually.ts'
import { buildpackFiles, putBuilder, putPackage } from './builder-image.ts'
import { ImageServer, makeSource, type SourceFiles } from './image-server.ts'
import type { Registry } from './registry.ts'
import { serverSaying } from './root-files.ts'

let images: ImageServer
let registry: Registry
let place: string
let digest: string
const app = 'native'

beforeAll(async () => {
  images = await ImageServer.open({ environment: (at) => `HEARTH_BUILDER="${at}/builder:1"` })
  ;({ registry, place } = images)
  digest = putBuilder(registry, place, '1')
  // While that was made nobody listened to the server.
  await images.desktop.whenAnswering()
  await images.agent.call('createApp', {}, { name: app, stack: 'cnb' })
}, 1_200_000)
afterAll(() => images?.[Symbol.asyncDispose]())

const deploy = (files: SourceFiles) => images.deployFiles(app, files)

const untilAnswer = (wanted: RegExp) =>
  eventually(async () => wanted.test(await images.ask(app)), 60_000, `no answer like ${wanted}`)
const own = (text: string) => `[_]\nschema-version = "0.2"\n${text}`

test('a source is built by the server’s builder, phase by phase, and its process types run through the launcher', async () => {
  const made = await deploy({ 'server.pl': serverSaying('one') })
  expect(made.output).toContain(`Builder ${place}/builder:1 (the server's own choice)`)
  expect(made.output).toContain(digest.slice(0, 19))
  expect(made.output).toContain('platform API 0.14')
  expect(made.output).toMatch(/acme\/perl 1\.0\.0/)
  expect(made.output).toContain('Build 1 of perl for user 1002, flavour plain, secret none')
  expect(made.output).not.toContain('SEES')
  expect(made.output).toContain('released in plain')
  expect(made.state).toBe('succeeded')
  await untilAnswer(/^web\.1 one {2}plain 1002 cnb$/)
  const formation = await images.agent.call('listFormation', { app })
  expect(Object.fromEntries(formation.map(({ type, command }) => [type, command]))).toEqual({
    web: 'perl server.pl',
    worker: 'echo working in $PLACE; sleep 600',
    release: 'echo released in $PLACE',
  })
  expect(await images.runOneOff(app, 'pwd; echo "$PLACE $0"; id -u')).toBe('/workspace\nplain bash\n1002\n')
}, 400_000)

test('a second build finds what the first kept, and config vars reach buildpacks and dynos', async () => {
  const vars = { FLAVOUR: 'vanilla', GREETING: 'hello', HEARTH_REGISTRY_LOGIN: `ann:secret@${place}` }
  await images.agent.call('updateConfigVars', { app }, vars)
  await untilAnswer(/one hello plain/)
  const made = await deploy({ 'server.pl': serverSaying('two') })
  expect(made.output).toContain('Build 2 of perl for user 1002, flavour vanilla, secret none')
  await untilAnswer(/^web\.1 two hello vanilla 1002 cnb$/)
  const releases = await images.agent.call('listReleases', { app })
  const build = releases.find(({ version }) => version === 2)
  await images.agent.call('createRelease', { app }, { release: build?.version ?? 0 })
  await untilAnswer(/^web\.1 one {2}plain/)
}, 400_000)

test('a builder that moved is told, and the release keeps the digest of the one that made it', async () => {
  const moved = putBuilder(registry, place, '1', { 'etc/moved': 'yes' })
  const made = await deploy({ 'server.pl': serverSaying('three') })
  expect(made.output).toContain(`It is ${moved}, and was ${digest} in the last build`)
  expect(made.output).toContain('Build 3 of perl')
  const slug = (await images.agent.call('listReleases', { app })).at(-1)?.slug
  const { buildpack_reports } = await images.agent.call('getSlug', { app, slug: slug?.id ?? '' })
  expect(buildpack_reports[0]).toMatchObject({ facts: { digest: moved, platform_api: '0.14' } })
}, 400_000)

test('project.toml of the folder that PROJECT_PATH names chooses builder, buildpacks, files and variables', async () => {
  // Before images are made, since nobody listens to the server meanwhile.
  await images.agent.call('updateConfigVars', { app }, { PROJECT_PATH: 'shop' })
  const toml = own(`
[io.buildpacks]
builder = "${place}/builder:other"
exclude = ["secret.txt"]
[[io.buildpacks.group]]
uri = "./packs/own"
[[io.buildpacks.group]]
uri = "docker://${place}/${putPackage(registry, 'acme/packed', '#!/bin/bash\necho packed at work\n')}"
[[io.buildpacks.group]]
id = "acme/perl"
[[io.buildpacks.group]]
id = "acme/inline"
[io.buildpacks.group.script]
api = "0.10"
shell = "/bin/bash"
inline = "echo inline sees: *"
[[io.buildpacks.build.env]]
name = "OTHER"
value = "of project.toml"
`)
  putBuilder(registry, place, 'other', { 'etc/other': 'yes' })
  const pack = Object.entries(buildpackFiles('acme/own', '#!/bin/bash\necho "own sees $OTHER"\n'))
  const files = Object.fromEntries(pack.map(([name, text]) => [`shop/packs/own/${name}`, text]))
  const made = await deploy({
    ...files,
    'shop/project.toml': toml,
    'shop/package.json': '{}',
    'shop/server.pl': serverSaying('four'),
    'shop/secret.txt': 'x',
    'project.toml': own(`[io.buildpacks]\nbuilder = "${place}/gone:1"\n`),
    'package.json': '{ "workspaces": ["shop"] }',
  })
  await images.agent.call('updateConfigVars', { app }, { PROJECT_PATH: null })
  expect(made.output).toContain(`Builder ${place}/builder:other (project.toml)`)
  expect(made.output).toContain('own sees of project.toml')
  expect(made.output).toContain('packed at work')
  expect(made.output).toContain('inline sees: package.json packs project.toml server.pl')
  expect(made.state).toBe('succeeded')
  await untilAnswer(/four/)
}, 400_000)

test('what fails in a phase is told with what to do, and what serves goes on serving', async () => {
  const failures: [Record<string, string>, RegExp][] = [
    [{ 'index.html': 'x' }, /No buildpacks of \S+builder:1 fit this app/],
    [{ unsure: 'x' }, /one of them failed while it looked/],
    [{ fail: 'x' }, /oh no[\s\S]*A buildpack could not build the app/],
    [{ greedy: 'x' }, /wanted more than \d+ processes/],
    [{ 'project.toml': own('[[io.buildpacks.group]]\nx = 1\n'), 'server.pl': 'x' }, /project.toml can't be followed/],
    [
      { 'project.toml': own('[[io.buildpacks.group]]\nid = "acme/cobol"\n'), 'server.pl': 'x' },
      /does not have\. It has acme\/perl/,
    ],
    [
      { 'project.toml': own(`[io.buildpacks]\nbuilder = "${place}/run:1"\n`), 'server.pl': 'x' },
      /is no builder of Cloud Native Buildpacks/,
    ],
    [
      { 'project.toml': own(`[io.buildpacks]\nbuilder = "${place}/gone:1"\n`), 'server.pl': 'x' },
      /There is no image \S+gone:1 in its registry/,
    ],
  ]
  for (const [files, reason] of failures) {
    const made = await deploy(files)
    expect(made.output).toMatch(reason)
    expect(made.state).toBe('failed')
  }
  expect(await images.ask(app)).toContain('four')
}, 600_000)

test('a build is cancelled in the middle of a phase, and nothing of it runs on or is in the way', async () => {
  const { id } = images.desktop.startDeploy(app, await makeSource({ slow: 'x' }))
  const isSleeping = () => images.isRunning('sleep 543')
  await eventually(isSleeping, 240_000, 'the build does not get there')
  expect(await images.desktop.core.deploys.cancel(id)).toMatchObject({ state: 'cancelled' })
  await eventually(async () => !(await isSleeping()), 30_000, 'the buildpack runs on')
  expect((await deploy({ 'server.pl': serverSaying('six') })).state).toBe('succeeded')
  const count = 'ls -d /var/lib/hearth/caches/*/cnb/storage/overlay-containers/*/ 2>/dev/null | wc -l'
  expect(await images.runScript(count)).toBe('0\n')
  await untilAnswer(/six/)
}, 400_000)

test('nothing is left of builds but their cache', async () => {
  expect(await images.leftOfBuilds()).toBe('0\n')
}, 60_000)
