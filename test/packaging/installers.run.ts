// `npm run test:package`: electron-builder itself, with an Electron that is only files: what comes into the archive, what lies beside it, what stays out.
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fuses } from '../../packaging/configuration.ts'
import { buildAll, makePackages } from '../../packaging/package.ts'
import { fillStage } from '../../packaging/stage.ts'
import { eventually } from '../servers/eventually.ts'
import { makeFakeElectron, readFuses, requirePackaging } from './fake-electron.ts'
import { openPackagedCore } from './packaged-core.ts'

const arch = process.arch as 'x64' | 'arm64'
let folder: string
let app: string
let archive: Asar

interface Asar {
  names: string[]
  isUnpacked(name: string): boolean
  read(name: string): string
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-package-'))
  const electronDist = path.join(folder, 'electron')
  const stage = await buildAll({ platform: 'linux', arch, ownNode: null })
  await makeFakeElectron(electronDist)
  const output = path.join(folder, 'out')
  const feed = { provider: 'generic', url: 'https://updates.example/hearth' } as const
  await makePackages({ platform: 'linux', arch, stage, feed, electronDist, output }, { dir: true })
  app = path.join(output, arch === 'x64' ? 'linux-unpacked' : `linux-${arch}-unpacked`)
  archive = openArchive(path.join(app, 'resources/app.asar'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the archive holds the bundles, the page, and of node_modules what the native modules need', () => {
  const places = new Set(archive.names.map((name) => name.split('/').slice(0, 2).join('/')))
  expect([...places].sort()).toEqual([
    ...['dist/electron', 'dist/renderer', 'node_modules/@lydell', 'node_modules/better-sqlite3', 'package.json'],
  ])
  const own = archive.names.filter((name) => name.startsWith('dist/electron/'))
  expect(own.sort()).toEqual(['core-process.js', 'main.js', 'preload.cjs'].map((name) => `dist/electron/${name}`))
  expect(archive.names).toContain('dist/renderer/index.html')
  const { main, version, scripts, devDependencies } = JSON.parse(archive.read('package.json'))
  expect({ main, version, scripts, devDependencies }).toEqual({ main: 'dist/electron/main.js', version: '0.1.0' })
})

test('the native modules of this system are files of their own, and no others are there', () => {
  const native = archive.names.filter((name) => name.endsWith('.node'))
  const expected = [
    `node_modules/@lydell/node-pty-linux-${arch}/pty.node`,
    `node_modules/better-sqlite3/prebuilds/linux-${arch}.node`,
  ]
  expect(native.sort()).toEqual(expected)
  expect(archive.names.filter((name) => archive.isUnpacked(name)).sort()).toEqual(expected)
})

test('an installer for the other architecture has that one’s native modules', async () => {
  const output = path.join(folder, 'other')
  const other = arch === 'x64' ? 'arm64' : 'x64'
  const stage = await fillStage({ platform: 'linux', arch: other, ownNode: null })
  const electronDist = path.join(folder, 'electron')
  await makePackages({ platform: 'linux', arch: other, stage, feed: null, electronDist, output }, { dir: true })
  const resources = path.join(output, other === 'x64' ? 'linux-unpacked' : `linux-${other}-unpacked`, 'resources')
  const native = openArchive(path.join(resources, 'app.asar')).names.filter((name) => name.endsWith('.node'))
  expect(native.sort()).toEqual([
    `node_modules/@lydell/node-pty-linux-${other}/pty.node`,
    `node_modules/better-sqlite3/prebuilds/linux-${other}.node`,
  ])
  // Without a feed there is nowhere to look for updates.
  expect(await readdir(resources)).not.toContain('app-update.yml')
})

test('the native modules work from where they were put', async () => {
  const unpacked = path.join(folder, 'unpacked')
  loadAsar().extractAll(path.join(app, 'resources/app.asar'), unpacked)
  const require = createRequire(path.join(unpacked, 'dist/electron/main.js'))
  const Database = require('better-sqlite3')
  expect(new Database(':memory:').prepare('select 6 * 7 as answer').get()).toEqual({ answer: 42 })
  expect(Object.keys(require('@lydell/node-pty/requireBinary.js').requireBinary('pty.node'))).toContain('fork')
})

test('no test, source, source map, secret or tool is in it, nor beside it', async () => {
  const beside = await listFiles(path.join(app, 'resources'))
  const all = [...archive.names, ...beside]
  const unwanted = all.filter(
    (name) =>
      /\.(map|tsx?|md|lock|pem|key|db|gyp|c|cpp|h)$|(^|\/)(\.env|\.git|\.npmrc|test|tests|docs|deps)(\/|$)/.test(
        name,
      ) &&
      // What a sample or a buildpack is made of is for users.
      !/^(samples|agent\/buildpacks)\//.test(name),
  )
  expect(unwanted).toEqual([])
  const packages = new Set(archive.names.flatMap((name) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? []))
  expect([...packages].sort()).toEqual(['@lydell/node-pty', `@lydell/node-pty-linux-${arch}`, 'better-sqlite3'])
})

test('what is installed on servers lies beside the archive, where its checksums can be taken', async () => {
  const beside = await listFiles(path.join(app, 'resources'))
  for (const name of [
    'agent/agent.mjs',
    'agent/run-serve.mjs',
    'agent/version.json',
    'agent/pty-x64.node',
    'agent/pty-arm64.node',
  ])
    expect(beside).toContain(name)
  expect(
    beside.filter((name) => name.startsWith('agent/buildpacks/') && name.endsWith('bin/compile')).length,
  ).toBeGreaterThan(0)
  for (const name of ['node/node-linux-x64', 'node/node-linux-arm64']) {
    const { size, mode } = await stat(path.join(app, 'resources', name))
    expect(size).toBeGreaterThan(50_000_000)
    expect(mode & 0o111).not.toBe(0)
  }
  expect(beside).toContain('samples/hello-node/package.json')
})

test('the fuses are as they were asked for', async () => {
  expect(readFuses(await readFile(path.join(app, 'hearth')))).toEqual(fuses)
  expect(readFuses(await readFile(path.join(folder, 'electron/electron')))).not.toEqual(fuses)
})

test('updates are looked for where the build was told', async () => {
  const feed = await readFile(path.join(app, 'resources/app-update.yml'), 'utf8')
  expect(feed).toContain('url: https://updates.example/hearth')
})

test('a program for Windows is named, fused, and knows the checksum of its archive', async () => {
  const electronDist = path.join(folder, 'electron-win')
  const output = path.join(folder, 'windows')
  await makeFakeElectron(electronDist, 'win')
  const stage = await fillStage({ platform: 'win', arch: 'x64', ownNode: process.execPath })
  await makePackages({ platform: 'win', arch: 'x64', stage, feed: null, electronDist, output }, { dir: true })
  const program = await readFile(path.join(output, 'win-unpacked/Hearth.exe'))
  expect(readFuses(program)).toEqual(fuses)
  const packed = path.join(output, 'win-unpacked/resources/app.asar')
  const { headerString } = loadAsar().getRawHeader(packed)
  expect(program.includes(createHash('sha256').update(headerString).digest('hex'))).toBe(true)
  expect(program.includes(Buffer.from('Hearth', 'utf16le'))).toBe(true)
  expect(openArchive(packed).names.filter((name) => name.endsWith('.node'))).toEqual([
    'node_modules/better-sqlite3/prebuilds/win32-x64.node',
  ])
  expect(await readdir(path.join(output, 'win-unpacked/resources/node'))).toContain('node.exe')
})

test('the core that was packaged starts the server of this computer and deploys its sample there', async () => {
  const home = path.join(folder, 'home')
  const extracted = path.join(folder, 'resources')
  await mkdir(extracted)
  const extract = (to: string) => loadAsar().extractAll(path.join(app, 'resources/app.asar'), to)
  const core = await openPackagedCore(path.join(app, 'resources'), extract, extracted, home)
  try {
    const { version, shell } = await core.bridge.call('desktop.about', {})
    expect({ version, shell }).toEqual({ version: '0.1.0', shell: 'electron' })
    const isOnline = async () => (await core.bridge.call('servers.list', {}))[0]?.connection.state === 'online'
    await eventually(isOnline, 60_000, 'the server of this computer is not online')
    const [server] = await core.bridge.call('servers.list', {})
    const sample = { kind: 'sample', name: 'hello-node' } as const
    const { id } = await core.bridge.call('deploys.start', { serverId: server?.id ?? '', app: 'hello', folder: sample })
    const ended = await core.bridge.open('deploys.output', { deployId: id }).result
    expect(ended).toMatchObject({ state: 'succeeded', release: { version: 2 } })
    const agent = JSON.parse(await readFile(path.join(home, 'this-computer/agent-process.json'), 'utf8'))
    expect(agent.program).toContain(`${extracted}/node/node-linux-${arch} ${extracted}/agent/agent.mjs`)
  } finally {
    await core.close()
  }
  expect(core.output()).toBe('')
})

function loadAsar() {
  return requirePackaging('@electron/asar')
}

function openArchive(file: string): Asar {
  const asar = loadAsar()
  const entryOf = (name: string) => asar.statFile(file, name)
  const names = (asar.listPackage(file) as string[]).map((name) => name.slice(1).replaceAll(path.sep, '/'))
  return {
    names: names.filter((name) => !('files' in entryOf(name))),
    isUnpacked: (name) => entryOf(name).unpacked === true,
    read: (name) => asar.extractFile(file, name).toString(),
  }
}

async function listFiles(top: string): Promise<string[]> {
  const entries = await readdir(top, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => path.relative(top, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
}
