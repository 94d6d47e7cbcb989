import { expect, it } from 'vitest'
import { readBuilderFacts } from '../../../../agent/builds/cloud-native/builder-facts.ts'
import { chooseBuilder } from '../../../../agent/builds/cloud-native/choose-builder.ts'
import { explainPhase } from '../../../../agent/builds/cloud-native/explain-phase.ts'
import { readLaunchMetadata } from '../../../../agent/builds/cloud-native/launch-metadata.ts'
import { phases, renderPhase } from '../../../../agent/builds/cloud-native/phases.ts'
import { commandIn } from '../../../../agent/core/builds/image-reference.ts'
import { Secret } from '../../../../agent/core/secret.ts'

const id = 'c'.repeat(64)
const digest = `sha256:${'a'.repeat(64)}`
const name = 'heroku/builder:24'
const apis = (supported: string[]) => JSON.stringify({ buildpack: {}, platform: { deprecated: [], supported } })
const runToml = '[[images]]\nimage = "heroku/heroku:24"\nmirrors = ["registry.example/heroku:24"]\n'

function inspect(labels: Record<string, string>, environment = ['CNB_USER_ID=1002', 'CNB_GROUP_ID=1000']): string {
  return JSON.stringify([{ Id: id, Digest: digest, Config: { Env: environment, Labels: labels } }])
}

it('a builder tells by its labels, its variables and its run.toml how it is to be run', () => {
  const labels = {
    'io.buildpacks.lifecycle.apis': apis(['0.7', '0.12', '0.13']),
    'io.buildpacks.builder.metadata': JSON.stringify({
      buildpacks: [{ id: 'heroku/nodejs', version: '3.2.1', homepage: 'x' }],
      lifecycle: { version: '0.20.11' },
    }),
    'io.buildpacks.buildpack.order': JSON.stringify([{ group: [{ id: 'heroku/nodejs', version: '3.2.1' }] }]),
  }
  expect(readBuilderFacts(name, inspect(labels), runToml)).toEqual({
    ...{ id, digest, api: '0.13', uid: 1002, gid: 1000, lifecycle: '0.20.11' },
    buildpacks: [{ id: 'heroku/nodejs', version: '3.2.1', homepage: 'x' }],
    order: [[{ id: 'heroku/nodejs', version: '3.2.1' }]],
    runImages: ['heroku/heroku:24', 'registry.example/heroku:24'],
  })
})

it('the APIs that pack notes among what it says of the builder count too', () => {
  const metadata = { lifecycle: { version: '0.21.0', apis: JSON.parse(apis(['0.15', '0.16'])) } }
  const labels = { 'io.buildpacks.builder.metadata': JSON.stringify(metadata) }
  expect(readBuilderFacts(name, inspect(labels), runToml)).toMatchObject({ api: '0.15', buildpacks: [], order: [] })
})

const good = { 'io.buildpacks.lifecycle.apis': apis(['0.14']) }
const refusals: [string, string | null, string | null, RegExp][] = [
  ['that is no builder', inspect({}), runToml, /is no builder of Cloud Native Buildpacks/],
  ['that is too old', inspect({ 'io.buildpacks.lifecycle.apis': apis(['0.7', '0.8']) }), runToml, /APIs 0.7, 0.8, and/],
  ['whose user is root', inspect(good, ['CNB_USER_ID=0', 'CNB_GROUP_ID=0']), runToml, /sets CNB_USER_ID to "0"/],
  ['that names no run image', inspect(good), null, /names no image that apps run on/],
  ['whose run.toml is none', inspect(good), '[[images', /that is no TOML/],
  ['of which podman says nothing', '[]', runToml, /is not understood/],
]
it.each(refusals)('a builder %s is refused with what to do', (_, inspection, run, reason) => {
  expect(() => readBuilderFacts(name, inspection, run)).toThrow(reason)
})

it('the app’s config var names the builder before its source, and that before the server', () => {
  const choose = (vars: Record<string, string>, builder: string | null) =>
    chooseBuilder(
      { request: { configVars: new Secret(vars) }, options: { images: { defaultBuilder: name } } } as never,
      { builder },
    ).reference
  expect(choose({ HEARTH_BUILDER: 'a/one' }, 'b/two')).toBe('a/one')
  expect(choose({}, 'b/two')).toBe('b/two')
  expect(choose({}, null)).toBe(name)
  expect(() => choose({}, 'B --privileged')).toThrow('is no name of a builder')
})

const place = {
  ...{ builder: id, api: '0.14', uid: 1002, gid: 1000, hasOwnOrder: true },
  buildpacks: [{ from: '/hearth/packs/0', to: 'acme_own/1.0' }],
}

it('phases run in the order of the platform interface, each as the builder’s user without a capability', () => {
  expect(phases.map((phase) => phase.name)).toEqual(['analyzer', 'detector', 'restorer', 'builder', 'exporter'])
  for (const phase of phases) {
    const words = renderPhase(phase, place).join(' ')
    expect(words).toContain('--cap-drop all --security-opt no-new-privileges')
    expect(words).toContain('--user 1002:1000')
    expect(words).toContain(`--entrypoint /cnb/lifecycle/${phase.name} ${id}`)
  }
})

it('no phase has a socket or logins, and those that run strangers’ code have neither cache nor images', () => {
  for (const phase of phases) {
    const volumes = renderPhase(phase, place).filter((_, index, words) => words[index - 1] === '--volume')
    expect(volumes.filter((volume) => /sock|login|results|storage/.test(volume))).toEqual([])
    const isStrangers = phase.name === 'detector' || phase.name === 'builder'
    expect(volumes.some((volume) => /:\/(?:cache|layout)\b/.test(volume))).toBe(!isStrangers)
    expect(volumes.includes('/hearth/packs/platform:/platform:ro')).toBe(isStrangers)
    expect(volumes.includes('/hearth/packs/0:/cnb/buildpacks/acme_own/1.0:ro')).toBe(isStrangers)
  }
})

it.each([11, 12, 20, 21, 51, 125, 127, 1, 32])(
  'a phase that ends with %i says what failed and what to do',
  (status) => {
    for (const phase of phases) expect(explainPhase(phase, status, name)).toMatch(/\.\n?|:/)
    const said = explainPhase({ name: 'detector' }, status, name)
    expect(said.length).toBeGreaterThan(60)
  },
)

it('what ends a build is told by its own reason', () => {
  expect(explainPhase({ name: 'detector' }, 20, name)).toContain('No buildpacks of heroku/builder:24 fit this app.')
  expect(explainPhase({ name: 'detector' }, 21, name)).toContain('one of them failed while it looked')
  expect(explainPhase({ name: 'builder' }, 51, name)).toContain('A buildpack could not build the app.')
  expect(explainPhase({ name: 'restorer' }, 42, name)).toContain('failed with status 42: what earlier builds kept')
})

function inspectApp(processes: object[]): string {
  const buildpacks = [{ id: 'heroku/nodejs-engine', version: '3.2.1', homepage: 'x' }]
  const labels = { 'io.buildpacks.build.metadata': JSON.stringify({ processes, buildpacks, launcher: {} }) }
  return JSON.stringify([{ Config: { Labels: labels } }])
}

it('process types are those of the image’s launch metadata, as people write them', () => {
  const processes = [
    { type: 'web', command: ['bash', '-c'], args: ['node server.js'], direct: true, buildpackID: 'heroku/procfile' },
    { type: 'worker', command: ['node', 'work er.js'], args: ['--fast'], direct: true },
    { type: 'old', command: 'rake jobs:work', args: [], direct: false },
    { type: 'test', command: ['true'], args: null, direct: true, 'exec-env': ['test'] },
    { type: 'two words', command: ['true'], direct: true },
  ]
  expect(readLaunchMetadata(inspectApp(processes))).toEqual({
    processTypes: { web: 'node server.js', worker: "node 'work er.js' --fast", old: 'rake jobs:work' },
    buildpacks: [{ id: 'heroku/nodejs-engine', version: '3.2.1' }],
  })
  expect(() => readLaunchMetadata('[{"Config":{}}]')).toThrow('io.buildpacks.build.metadata')
})

it('a process type is run by its name, and what somebody types through the launcher', () => {
  const image = { folder: 'web', processTypes: ['web'], reference: 'b', digest: 'd', environment: {}, directory: '/' }
  const slug = { images: [{ ...image, uid: 1, home: '/', hasLauncher: true }], processTypes: { web: 'node server.js' } }
  expect(commandIn(slug, { type: 'web', command: 'node server.js' })).toBe('/cnb/process/web')
  expect(commandIn(slug, { type: 'run', command: "echo 'a b'" })).toBe(
    String.raw`/cnb/lifecycle/launcher 'echo '\''a b'\'''`,
  )
  const plain = { ...slug, images: [{ ...image, uid: 1, home: '/' }] }
  expect(commandIn(plain, { type: 'web', command: 'node server.js' })).toBe('node server.js')
})
