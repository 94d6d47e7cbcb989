// Starts the product as a user would, with a home of its own, and opens its window.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import {
  type BrowserContext,
  chromium,
  type ElectronApplication,
  type Page,
  _electron as playwrightElectron,
} from 'playwright-core'
import { root } from '../tooling/repository.ts'
import { findChromium } from '../tooling/test-run/chromium.ts'

export interface Desktop {
  page: Page
  context: BrowserContext
  home: string
  /** What the product wrote on its terminal so far. */
  output(): string
  close(): Promise<void>
}

export interface Launcher {
  name: string
  /** `prepare` may furnish the home before the first start. */
  launch(prepare?: (home: string) => Promise<void>): Promise<Desktop>
}

const viewport = { width: 1280, height: 800 }
const startMs = 60_000

/** The window in a browser tab: `npm start -- --browser`. */
export const browserShell: Launcher = {
  name: 'the browser shell',
  async launch(prepare) {
    await using made = new AsyncDisposableStack()
    await build()
    const home = await makeHome(made)
    await prepare?.(home)
    const program = startProgram(['dist/electron/start.js', '--browser'], home, made)
    const url = await program.waitFor(/http:\/\/127\.0\.0\.1:\d+\/open\?ticket=\S+/)
    const executablePath = findChromium()
    if (!executablePath) throw new Error('there is no chromium; HEARTH_TEST_CHROMIUM can name one')
    const args = ['--no-sandbox'] // Tests run as root, where Chromium's own sandbox refuses to start.
    const browser = made.adopt(await chromium.launch({ executablePath, args }), (opened) => opened.close())
    const context = await browser.newContext({ viewport, reducedMotion: 'reduce', colorScheme: 'light' })
    const page = await context.newPage()
    await page.goto(url)
    const owned = made.move()
    return { page, context, home, output: program.output, close: () => owned.disposeAsync() }
  },
}

/** The window in Electron, where its binary is. */
export const electronShell: Launcher = {
  name: 'Electron',
  async launch(prepare) {
    await using made = new AsyncDisposableStack()
    await build()
    const home = await makeHome(made)
    await prepare?.(home)
    const { application, output } = await startElectron(home, made)
    const page = await application.firstWindow()
    await page.setViewportSize(viewport)
    const owned = made.move()
    return { page, context: page.context(), home, output, close: () => owned.disposeAsync() }
  },
}

/** Electron on this checkout's build; its Node mode is off, so the embedded server's agent runs by this very Node. */
export async function startElectron(
  home: string,
  made: AsyncDisposableStack,
): Promise<{ application: ElectronApplication; output: () => string }> {
  const executablePath = findElectron()
  if (!executablePath) throw new Error('there is no Electron binary')
  const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '.']
  const env = { ...environmentOf(home), HEARTH_NODE: process.execPath }
  const application = await playwrightElectron.launch({ executablePath, args, cwd: root, env })
  made.defer(() => application.close())
  let output = ''
  for (const stream of [application.process().stdout, application.process().stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk
    })
  return { application, output: () => output }
}

/** Every launcher that this machine has; what is missing is said, since the same specs would run there. */
export function listLaunchers(): Launcher[] {
  if (wantsElectronAlone()) return [electronShell]
  if (findElectron()) return [browserShell, electronShell]
  console.log('NOT RUN IN ELECTRON: its binary is not on this machine; the same specs run in the browser shell alone.')
  return [browserShell]
}

/** Where the window in Electron is what is to be tried, its absence is a failure. */
export function wantsElectronAlone(): boolean {
  return process.env.HEARTH_TEST_SHELL === 'electron'
}

/** Where the npm package keeps what its download step brought; path.txt names it for this platform. */
export function findElectron(): string | null {
  const named = process.env.HEARTH_TEST_ELECTRON
  if (named) return existsSync(named) ? named : null
  const usual: Partial<Record<NodeJS.Platform, string>> = {
    linux: 'electron',
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  }
  const file = path.join(root, 'node_modules/electron/dist', usual[process.platform] ?? 'electron')
  return existsSync(file) ? file : null
}

/** So that a test of today never drives yesterday's build. */
export async function build(): Promise<void> {
  await promisify(execFile)(process.execPath, ['esbuild.config.ts', '--if-stale'], { cwd: root })
}

export async function makeHome(made: AsyncDisposableStack): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'hearth-e2e-'))
  made.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))
  return home
}

export function environmentOf(home: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(VITEST|NODE_ENV|NODE_OPTIONS)/.test(entry[0]),
  )
  return { ...Object.fromEntries(inherited), HEARTH_HOME: home, NO_COLOR: '1' }
}

export interface Program {
  output(): string
  /** The first match in the output. */
  waitFor(pattern: RegExp): Promise<string>
  ended: Promise<number | null>
}

/** One of the product's own programs, run by this very Node; closing the stack ends it in order. */
export function startProgram(parameters: string[], home: string, made: AsyncDisposableStack): Program {
  const child = spawn(process.execPath, parameters, { cwd: root, env: environmentOf(home), stdio: 'pipe' })
  let output = ''
  const heard = new EventTarget()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk
      heard.dispatchEvent(new Event('output'))
    })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  made.defer(() => endInOrder(child, ended))
  return { output: () => output, ended, waitFor }

  async function waitFor(pattern: RegExp): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const look = () => {
      const found = pattern.exec(output)?.[0]
      if (found) resolve(found)
    }
    const fail = (why: string) => reject(new Error(`${why} before ${pattern} was printed:\n${output}`))
    const timer = setTimeout(() => fail(`${startMs / 1000} s passed`), startMs)
    heard.addEventListener('output', look)
    ended.then((status) => fail(`${parameters[0]} ended with ${status}`))
    look()
    return promise.finally(() => {
      clearTimeout(timer)
      heard.removeEventListener('output', look)
    })
  }
}

async function endInOrder(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await ended
  clearTimeout(timer)
}
