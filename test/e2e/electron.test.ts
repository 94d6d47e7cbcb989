// The desktop as Electron runs it, taken apart in the middle of a deploy: the real main bundle, the real core in its own process, the
// real preload and page in a real browser. Only the `electron` module itself is a stand-in where its binary can't be had.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { collectConsoleErrors } from './audit.ts'
import { launchStandIn, type TakenApart } from './electron-stand-in/launch.ts'
import { launchElectron } from './electron-stand-in/launch-electron.ts'
import { keepEvidence } from './evidence.ts'
import { findElectron, wantsElectronAlone } from './launch.ts'
import { visitUntil } from './visit.ts'
import { HearthWindow } from './window.ts'

vi.mock('electron', async () => (await import('./electron-stand-in/electron.ts')).makeElectron())

const inElectron = { name: 'Electron', launch: launchElectron }
const inStandIn = { name: 'a stand-in for Electron', launch: launchStandIn }
const launchers = wantsElectronAlone() ? [inElectron] : [inStandIn, ...(findElectron() ? [inElectron] : [])]

/** There is no server on Windows itself yet. */
const hasOwnServer = process.platform !== 'win32'
const testWithServer = test.runIf(hasOwnServer)

describe.each(launchers)('in $name', ({ launch }) => {
  let desktop: TakenApart
  let window: HearthWindow
  let gate: Gate
  beforeAll(async () => {
    gate = await openGate()
    desktop = await launch()
    window = new HearthWindow(desktop.page())
  })
  afterEach((context) => desktop && keepEvidence({ page: desktop.page(), output: () => '' }, context))
  afterAll(async () => {
    await desktop?.close()
    await gate?.close()
  })

  test('the window reaches the core through the preload, and neither Node nor the network', async () => {
    await window.page.getByRole('heading', { level: 1 }).first().waitFor()
    if (hasOwnServer) await window.text('This computer is ready').waitFor()
    const { page } = window
    expect(
      await page.evaluate(() => Object.keys((globalThis as never as { hearthNative: object }).hearthNative)),
    ).toEqual(['pathForFile', 'openBridge'])
    expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined')
    const errors = collectConsoleErrors(page)
    const outcome = page.evaluate(() => fetch('http://127.0.0.1:1/').then(String, () => 'refused'))
    expect(await outcome).toBe('refused')
    expect(errors.join()).toContain('Content Security Policy')
  })

  // A Linux without a desktop session has no key store, which is said in the settings.
  const hasKeyStore = launch === launchStandIn || process.platform !== 'linux'
  test.runIf(hasKeyStore)('the ledger’s key is sealed by the key store that only the main process reaches', () => {
    expect(existsSync(path.join(desktop.home, 'ledger.key.vault'))).toBe(true)
    expect(existsSync(path.join(desktop.home, 'ledger.key'))).toBe(false)
  })

  testWithServer(
    'a core that is killed during a deploy is back, says so, and has the deploy with its whole output',
    async () => {
      await desktop.choose(await makeSlowApp(gate.url))
      await window.place('All apps').click()
      await window.button('Choose folder').first().click()
      await window.page.getByRole('definition').filter({ hasText: 'Node.js' }).waitFor()
      await window.button('Deploy').click()
      await window.waitForPane('Build output', /at the gate/, 120_000)
      const before = await desktop.corePid()
      await desktop.killCore()
      await window.text(/core crashed and was started again/).waitFor({ timeout: 60_000 })
      expect(await desktop.corePid()).not.toBe(before)
      await window.waitForPane('Build output', /at the gate/, 60_000)
      await window.text('Deploying').waitFor()
    },
    240_000,
  )

  testWithServer(
    'a page that crashes is loaded again and shows the same deploy',
    async () => {
      await desktop.crashPage()
      window = new HearthWindow(desktop.page())
      await window.waitForPane('Build output', /at the gate/, 60_000)
    },
    120_000,
  )

  testWithServer(
    'the build goes on to its end, and nothing of its output is missing or there twice',
    async () => {
      gate.open()
      await window.text('v2 serves.').waitFor({ timeout: 120_000 })
      const output = await window.waitForPane('Build output', /behind the gate/)
      expect(output.match(/at the gate|behind the gate/g)).toEqual(['at the gate', 'behind the gate'])
      const link = window.page.getByRole('link', { name: /^http:\/\// }).first()
      await visitUntil((await link.getAttribute('href')) ?? '', 'hello from behind')
    },
    180_000,
  )

  test('quitting ends the core in order, and the server of this computer with it', async () => {
    const { status, output } = await desktop.quit()
    expect(status).toBe(0)
    expect(output).not.toMatch(/Error/)
    expect(existsSync(path.join(desktop.home, 'this-computer', 'agent-process.json'))).toBe(false)
  })
})

interface Gate {
  readonly url: string
  open(): void
  close(): Promise<void>
}

/** A request that is answered when the test says so: builds of this computer share its loopback interface. */
async function openGate(): Promise<Gate> {
  const opened = Promise.withResolvers<void>()
  const server: Server = createServer((_request, response) => void opened.promise.then(() => response.end('go')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    open: () => opened.resolve(),
    async close() {
      opened.resolve()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const made: string[] = []
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))))

/** An app whose build waits in its middle until it is let go on. */
async function makeSlowApp(gateUrl: string): Promise<string> {
  const parent = await mkdtemp(path.join(tmpdir(), 'hearth-gate-'))
  made.push(parent)
  const folder = path.join(parent, 'slow-shop')
  await mkdir(folder)
  const manifest = { name: 'slow-shop', scripts: { build: 'node build.js', start: 'node server.js' } }
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest))
  const build = `console.log('at the gate')\nfetch('${gateUrl}').then(() => console.log('behind the gate'))\n`
  await writeFile(path.join(folder, 'build.js'), build)
  const server = `require('http').createServer((_, r) => r.end('hello from behind')).listen(process.env.PORT)\n`
  await writeFile(path.join(folder, 'server.js'), server)
  return folder
}
