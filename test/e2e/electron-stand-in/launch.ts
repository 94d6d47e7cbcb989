// Starts Hearth's real main bundle on the stand-in. The test file mocks `electron` first.
import path from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { eventually } from '../../servers/eventually.ts'
import { root } from '../../tooling/repository.ts'
import { findChromium } from '../../tooling/test-run/chromium.ts'
import { build, environmentOf, makeHome } from '../launch.ts'
import { standIn } from './electron.ts'

/** A desktop whose parts a test can take away. */
export interface TakenApart {
  readonly home: string
  page(): Page
  /** What the user picks in the folder dialog from now on. */
  choose(folder: string): Promise<void>
  corePid(): Promise<number>
  killCore(): Promise<void>
  /** Resolves once the window has a page again. */
  crashPage(): Promise<void>
  /** As by the menu; resolves with how the core ended. */
  quit(): Promise<{ status: number; output: string }>
  close(): Promise<void>
}

export async function launchStandIn(): Promise<TakenApart> {
  await using made = new AsyncDisposableStack()
  await build()
  const home = await makeHome(made)
  const executablePath = findChromium()
  if (!executablePath) throw new Error('there is no chromium; HEARTH_TEST_CHROMIUM can name one')
  // Tests run as root, where Chromium's own sandbox refuses to start. That a port tells its other end when it closes is Electron's
  // own extension (its documentation, "MessagePorts in Electron"); Chromium has it behind a switch.
  const args = ['--no-sandbox', '--enable-blink-features=MessagePortCloseEvent']
  const browser = made.adopt(await chromium.launch({ executablePath, args }), (opened) => opened.close())
  const viewport = { width: 1280, height: 800 }
  standIn.context = await browser.newContext({ viewport, reducedMotion: 'reduce', colorScheme: 'light' })
  standIn.environment = environmentOf(home)
  made.defer(async () => void (await quit()))
  await import(path.join(root, 'dist/electron/main.js'))
  await eventually(() => standIn.windows[0]?.page, 30_000, 'no window was opened')
  const contents = standIn.windows[0] as (typeof standIn.windows)[number]
  const core = () => standIn.cores.at(-1) as (typeof standIn.cores)[number]
  const owned = made.move()
  return {
    home,
    page: () => contents.page as Page,
    async choose(folder) {
      standIn.chosenFolder = folder
    },
    corePid: async () => core().pid,
    killCore: async () => void process.kill(core().pid, 'SIGKILL'),
    async crashPage() {
      const loaded = new Promise((resolve) => contents.once('loaded', resolve))
      contents.crash()
      await loaded
    },
    quit,
    close: () => owned.disposeAsync(),
  }
}

let ended: Promise<{ status: number; output: string }> | null = null

function quit(): Promise<{ status: number; output: string }> {
  ended ??= new Promise((resolve) => {
    const core = standIn.cores.at(-1)
    let output = ''
    core?.stderr?.on('data', (chunk: Buffer) => {
      output += chunk
    })
    core?.once('exit', (status) => resolve({ status, output }))
    if (!core) resolve({ status: 0, output })
    standIn.app.quit()
  })
  return ended
}
