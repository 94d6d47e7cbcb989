import type { SlugFile } from '../../../agent/contract/releases/slug-files.ts'
import type { CallName, CallParameters, CallResult } from '../../../electron/bridge/contract.ts'
import { compareReleases, compareValues, type ReleaseParts } from '../../../electron/core/ledger/release-difference.ts'
import { type FakeBridge, fail, findApp } from './fake-bridge.ts'
import { addRelease, ago, type FakeApp, type FakeWorld } from './fake-world.ts'

type Pair = CallParameters<'releases.difference'>

type ReleaseCalls = {
  [N in Extract<CallName, `releases.${string}` | `ledger.${string}`>]: (parameters: CallParameters<N>) => CallResult<N>
}

export function fakeReleases({ world, changed }: Pick<FakeBridge, 'world' | 'changed'>): ReleaseCalls {
  return {
    'releases.list': (target) => [...findApp(world, target).releases].reverse(),
    'releases.rollback': ({ version, ...target }) => {
      const app = findApp(world, target)
      const made = addRelease(app, `Rollback to v${version}`, 0, version).release
      changed('releases', app)
      if (!made) throw fail('conflict', 'That release has no slug.')
      return made
    },
    ...fakeComparison(world),
    'releases.slugWeight': () => fakeWeight,
    'releases.buildReports': () => [
      {
        buildpack: { url: 'hearth/node' },
        facts: { node_version: '24.21.0', package_manager: 'npm', lock_file: 'package-lock.json' },
      },
    ],
    'ledger.list': ({ search = '' }) =>
      world.apps
        .flatMap((app) => app.releases)
        .filter((release) => JSON.stringify(release).toLowerCase().includes(search.toLowerCase()))
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
    'ledger.addNote': ({ serverId, appId, version, text }) => {
      const release = findApp(world, { serverId, app: appId }).releases.find((each) => each.version === version)
      release?.notes.push({ text: text.trim(), writtenAt: ago(0) })
      changed('ledger')
      return {}
    },
    'ledger.export': ({ search = '', format }) => ({
      name: `hearth-ledger.${format}`,
      text: `${format} of "${search}"`,
    }),
    'ledger.findings': () => [],
  }
}

/** Compares as the core does, over parts that tell releases of the fake world apart. */
function fakeComparison(world: FakeWorld) {
  const find = (pair: Pair) => {
    const app = findApp(world, pair)
    return { app, from: partsOf(app, pair.from), to: partsOf(app, pair.to) }
  }
  return {
    'releases.difference': (pair: Pair): CallResult<'releases.difference'> => {
      const { app, from, to } = find(pair)
      return compareReleases(from, to, app.formation)
    },
    'releases.configVarChanges': (pair: Pair): CallResult<'releases.configVarChanges'> => {
      const { from, to } = find(pair)
      return compareValues(from.configVars ?? {}, to.configVars ?? {})
    },
  }
}

function partsOf(app: FakeApp, version: number): ReleaseParts {
  const release = app.releases.find((each) => each.version === version)
  if (!release) throw fail('not_found', `Nothing is known of v${version} of ${app.app.name}.`)
  const { commit, slugChecksum } = release
  const isOld = commit?.startsWith('3f9c1a2') ?? true
  const web = isOld ? 'node server.js' : 'node server.js --cluster'
  return {
    ...{ version, commit, slugChecksum },
    hasCode: commit !== null,
    addOns: [],
    configVars: version < 3 || version === 5 ? { NODE_ENV: 'staging', LEGACY_CART: 'on' } : app.configVars,
    code:
      commit === null
        ? null
        : {
            stack: 'debian-12',
            sizeBytes: isOld ? 22_020_096 : 24_117_248,
            buildpacks: ['hearth/node'],
            processTypes: isOld
              ? { web }
              : Object.fromEntries(app.formation.map(({ type, command }) => [type, type === 'web' ? web : command])),
          },
    files: commit === null ? null : { files: isOld ? oldFiles : filesOf(commit), left_out: 0 },
  }
}

const oldFiles = [
  file('Procfile', 24),
  file('lib/legacy-cart.js', 5120),
  file('node_modules/express/', 790_528),
  file('package-lock.json', 28_400),
  file('package.json', 610),
  file('server.js', 2048),
]

function filesOf(commit: string) {
  const own = ['lib/basket.js', 'lib/cluster.js', 'lib/payment/invoice.js', 'lib/payment/tax.js', 'public/styles.css']
  return [
    file('Procfile', 61, 'worker'),
    ...own.map((path, index) => file(path, 900 + 731 * index, commit)),
    file('node_modules/express/', 802_816, '5.1.0'),
    file('node_modules/stripe/', 1_310_720),
    ...['package-lock.json', 'package.json', 'server.js'].map((path, index) => file(path, 2400 - 640 * index, commit)),
  ]
}

function file(path: string, size: number, content = path): SlugFile {
  return { path, size, sha256: content, executable: false, files: path.endsWith('/') ? 12 : 1 }
}

const fakeWeight: CallResult<'releases.slugWeight'> = {
  size: 61_400_000,
  files: 4_812,
  archive_size: 18_200_000,
  kinds: [
    { kind: 'dependencies', size: 38_200_000, files: 4_310 },
    { kind: 'media', size: 14_600_000, files: 96 },
    { kind: 'caches', size: 6_100_000, files: 211 },
    { kind: 'code', size: 2_500_000, files: 195 },
  ],
  folders: [
    { path: 'node_modules/', size: 44_300_000, files: 4_521 },
    { path: 'node_modules/sharp/', size: 15_900_000, files: 61 },
    { path: 'public/', size: 14_700_000, files: 104 },
    { path: 'public/video/', size: 12_800_000, files: 2 },
    { path: 'src/', size: 2_100_000, files: 180 },
  ],
  biggest: [
    { path: 'public/video/tour.mp4', size: 11_900_000 },
    { path: 'node_modules/sharp/build/Release/sharp-linux-x64.node', size: 8_400_000 },
    { path: 'node_modules/typescript/lib/tsc.js', size: 6_100_000 },
  ],
  layers: [{ provider: 'node 24.21.0', size: 124_000_000, apps: 3 }],
  hints: [
    {
      text: 'public/video/tour.mp4: large media travel with each deploy and lie in each slug; a store for files keeps them once.',
      size: 11_900_000,
      slugignore: [],
    },
    {
      text: 'docs/: tests and documentation are not needed to run.',
      size: 2_400_000,
      slugignore: ['/docs/'],
    },
  ],
  previous: {
    size: 52_900_000,
    files: 4_790,
    kinds: [
      { kind: 'dependencies', size: 38_100_000, files: 4_300 },
      { kind: 'media', size: 6_700_000, files: 95 },
      { kind: 'caches', size: 5_700_000, files: 205 },
      { kind: 'code', size: 2_400_000, files: 190 },
    ],
  },
}
