// npm, Yarn, pnpm and build tools themselves fail, on what the npm registry has.
import { language } from '../../../../buildpacks/node/language.ts'
import { type AppFiles, provokeFailures } from './provoke.ts'

const engines = { node: '24.x' }
const base = { 'package.json': { engines }, 'server.js': '' }
const depend = (dependencies: Record<string, string>, more: AppFiles = {}): AppFiles => ({
  'package.json': { engines, dependencies },
  ...more,
})
const lockOf = (dependencies: Record<string, string>, packages: object): object => ({
  lockfileVersion: 3,
  requires: true,
  packages: { '': { dependencies }, ...packages },
})
const script = (build: string, more: AppFiles = {}): AppFiles => ({
  'package.json': { engines, scripts: { build } },
  ...more,
})
/** A package of the app's own, installed as if it came from a registry. */
const own = (manifest: object, npmrc = ''): AppFiles =>
  depend(
    { own: 'file:./own' },
    { '.npmrc': `install-links=true\n${npmrc}`, 'own/package.json': { name: 'own', version: '1.0.0', ...manifest } },
  )
const ms = { ms: '2.1.3' }
const greedy = `node --max-old-space-size=30 -e "const all = []; for (;;) all.push(new Array(1e5).fill(1.5))"`

provokeFailures(
  language,
  [
    ['heap-out-of-memory', script(greedy)],
    ['npm-lock-unreadable', depend(ms, { 'package-lock.json': '<<<<<<< HEAD\n{}\n' })],
    ['npm-lock-out-of-sync', depend(ms, { 'package-lock.json': lockOf({}, {}) })],
    ['yarn-lock-out-of-date', depend(ms, { 'yarn.lock': '# yarn lockfile v1\n' })],
    ['pnpm-lock-out-of-date', depend(ms, { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\nimporters:\n  .: {}\n" })],
    ['npm-eresolve', depend({ react: '18.3.1', 'react-dom': '19.2.0' })],
    ['npm-version-not-found', depend({ ms: '99.0.0' })],
    ['npm-package-not-found', depend({ 'left-pad-that-is-not-there': '1.0.0' })],
    ['yarn-version-not-found', depend({ ms: '99.0.0' }, { 'yarn.lock': '# yarn lockfile v1\n' })],
    [
      'package-json-invalid',
      { 'package.json': { engines, workspaces: ['packages/*'] }, 'packages/a/package.json': '{ "name": "a", }' },
    ],
    [
      'npm-integrity',
      depend(ms, {
        'package-lock.json': lockOf(ms, {
          'node_modules/ms': { version: '2.1.3', integrity: `sha512-${'A'.repeat(86)}==` },
        }),
      }),
    ],
    ['npm-file-not-found', depend({ own: 'file:./own-1.0.0.tgz' })],
    ['npm-invalid-name', depend({ 'a name': '1.0.0' })],
    ['npm-unsupported-protocol', depend({ own: 'workspace:*' })],
    ['npm-missing-script', script('npm run nosuch')],
    [
      'native-module',
      script('true', {
        'binding.gyp': '{ "targets": [{ "target_name": "x", "sources": ["x.c"] }] }',
        'x.c': '#error not to be compiled\n',
      }),
    ],
    ['install-script', own({ scripts: { postinstall: 'exit 3' } })],
    [
      'typescript-error',
      {
        'package.json': { engines, scripts: { build: 'tsc --noEmit x.ts' }, devDependencies: { typescript: '5.9.3' } },
        'x.ts': 'const x: number = "a"\n',
      },
    ],
    ['require-in-module', script('node build.mjs', { 'build.mjs': "require('node:fs')\n" })],
    [
      'bundler-unresolved',
      {
        'package.json': {
          engines,
          scripts: { build: 'esbuild --bundle x.js' },
          devDependencies: { esbuild: '0.28.2' },
        },
        'x.js': "import './nosuch.js'\n",
      },
    ],
    ['npm-bad-platform', own({ os: ['win32'] })],
    ['npm-engine', own({ engines: { node: '>=99' } }, 'engine-strict=true\n')],
    ['git-missing-repository', depend({ own: 'git+file:///nowhere/own.git' })],
    ['openssl-unsupported', script(`node -e "require('crypto').createHash('md4')"`)],
    ['missing-module', script(`node -e "require('nosuch')"`)],
    ['command-not-found', script('nosuch-tool --all')],
  ],
  { base },
)
