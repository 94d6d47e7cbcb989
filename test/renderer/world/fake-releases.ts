import type { SlugFile } from '../../../agent/contract/slug-files.ts'
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
