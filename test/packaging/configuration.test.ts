// What electron-builder is told. `npm run test:package` looks at what it makes of it.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig, samplesDirectory, serverNode } from '../../electron/config.ts'
import { configurePackaging, fuses } from '../../packaging/configuration.ts'
import { renderIcns, renderIco } from '../../packaging/icon-files.ts'
import { dropEmptySecrets, readFeed } from '../../packaging/package.ts'
import { listFiles, readText, root } from '../tooling/repository.ts'

const configure = (platform: 'linux' | 'mac' | 'win', arch: 'x64' | 'arm64' | 'universal') =>
  configurePackaging({ platform, arch, stage: `dist/stage/${platform}-${arch}`, feed: null })

test('each system has its installers', () => {
  const { linux, mac, win } = configure('linux', 'x64')
  expect([linux.target, mac.target, win.target]).toEqual([['AppImage', 'deb', 'rpm'], ['dmg', 'zip'], ['nsis']])
})

test('what is burnt into Electron’s program shuts every other way to run code in it', () => {
  expect(configure('win', 'x64').electronFuses).toEqual(fuses)
  expect(
    Object.entries(fuses)
      .filter(([, isOn]) => isOn)
      .map(([name]) => name),
  ).toEqual(['enableCookieEncryption', 'enableEmbeddedAsarIntegrityValidation', 'onlyLoadAppFromAsar'])
})

test('nothing of Hearth’s runs Electron’s program as Node, which is off', () => {
  const own = listFiles().filter((file) => /^(electron|agent|renderer)\/.*\.tsx?$/.test(file))
  const asking = own.filter((file) =>
    /ELECTRON_RUN_AS_NODE|process\.fork|child_process'\)?.*\bfork\b/.test(readText(file)),
  )
  expect(asking).toEqual([])
  // The one place that names the running program is for a checkout, where it is Node.
  expect(own.filter((file) => file.startsWith('electron/') && readText(file).includes('process.execPath'))).toEqual([
    'electron/config.ts',
    'electron/start.ts',
  ])
})

test('macOS runs it hardened, and it may do no more than compile', async () => {
  const { mac } = configure('mac', 'universal')
  expect(mac).toMatchObject({ hardenedRuntime: true, notarize: false })
  expect(mac.extendInfo.CFBundleDocumentTypes).toMatchObject([{ LSItemContentTypes: ['public.folder'] }])
  const plist = await readFile(path.join(root, mac.entitlements), 'utf8')
  expect([...plist.matchAll(/<key>([^<]+)<\/key>/g)].map(([, key]) => key)).toEqual(['com.apple.security.cs.allow-jit'])
})

test('each build of an app for two processors has the native modules of both', () => {
  const files = configure('mac', 'universal').files
  expect(files).toContain('!node_modules/better-sqlite3/prebuilds/!(darwin-x64|darwin-arm64).node')
})

test('all that the configuration names is there', () => {
  const { linux, mac, win, extraResources } = configure('linux', 'x64')
  const places = [linux.icon, mac.icon, mac.entitlements, win.icon, ...extraResources.map(({ from }) => from)]
  const built = places.filter((place) => !place.startsWith('dist/'))
  expect(built.filter((place) => !existsSync(path.join(root, place)))).toEqual([])
  expect(configure('linux', 'x64').protocols).toEqual([{ name: 'Hearth', schemes: ['hearth'] }])
})

test('a secret that the repository does not have is no secret', () => {
  const environment = { CSC_LINK: '', WIN_CSC_LINK: 'a certificate', APPLE_API_KEY: '', OTHER: '' }
  dropEmptySecrets(environment)
  expect(environment).toEqual({ WIN_CSC_LINK: 'a certificate', OTHER: '' })
})

describe('the feed of updates', () => {
  test('is nowhere unless it is named', () => {
    expect(readFeed({})).toBeNull()
    expect(readFeed({ HEARTH_UPDATE_REPOSITORY: 'ada/hearth' })).toEqual({
      provider: 'github',
      owner: 'ada',
      repo: 'hearth',
    })
    const url = 'https://updates.example/'
    expect(readFeed({ HEARTH_UPDATE_URL: url })).toEqual({ provider: 'generic', url })
  })

  test.each([{ HEARTH_UPDATE_URL: 'http://updates.example/' }, { HEARTH_UPDATE_REPOSITORY: 'hearth' }])(
    '%o is refused',
    (environment) => {
      expect(() => readFeed(environment)).toThrow('must be')
    },
  )
})

describe('a packaged Hearth', () => {
  const config = readConfig({ HEARTH_HOME: '/h' }, '/opt/hearth/resources')

  test('has beside its archive what other programs read and run', () => {
    expect(config.agentBundle).toBe('/opt/hearth/resources/agent/agent.mjs')
    expect(samplesDirectory('/opt/hearth/resources')).toBe('/opt/hearth/resources/samples')
    expect(serverNode('arm64', {}, '/opt/hearth/resources')).toBe('/opt/hearth/resources/node/node-linux-arm64')
  })

  test.runIf(process.platform === 'linux')('runs the embedded server by the Node that it sends to servers', () => {
    expect(config.nodeProgram).toBe(`/opt/hearth/resources/node/node-linux-${process.arch}`)
  })

  test('has these places, as the configuration fills them', () => {
    const { extraResources } = configure('linux', 'x64')
    expect(extraResources.map(({ to }) => to)).toEqual(['agent', 'node', 'samples', 'LICENSE'])
  })
})

describe('icons', () => {
  const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
  const pictures = new Map(sizes.map((size) => [size, Buffer.from(`picture of ${size}`)]))

  test('for Windows are found by their entries', () => {
    const ico = renderIco(pictures)
    const count = ico.readUInt16LE(4)
    const found = Array.from({ length: count }, (_, at) => {
      const entry = 6 + 16 * at
      const [length, offset] = [ico.readUInt32LE(entry + 8), ico.readUInt32LE(entry + 12)]
      return [ico.readUInt8(entry) || 256, ico.subarray(offset, offset + length).toString()]
    })
    expect(found).toEqual([16, 24, 32, 48, 64, 128, 256].map((size) => [size, `picture of ${size}`]))
  })

  test('for macOS follow one another to the end', () => {
    const icns = renderIcns(pictures)
    expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length])
    const types: string[] = []
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) types.push(icns.toString('latin1', at, at + 4))
    expect(types).toEqual(['ic11', 'ic12', 'ic07', 'ic13', 'ic08', 'ic14', 'ic09', 'ic10'])
  })

  test('in the repository are pictures of the size that their name says', async () => {
    for (const size of [16, 24, 32, 48, 64, 128, 256, 512]) {
      const png = await readFile(path.join(root, `packaging/icons/png/${size}x${size}.png`))
      expect([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(['PNG', size, size])
    }
  })
})
