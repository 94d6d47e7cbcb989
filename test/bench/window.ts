// npm run bench -- window: what somebody feels who lives in it. The product itself from its start to a screen that answers, and a
// search through a ledger of 100,000 releases; the real screens over a world of 500 apps and 5,000 dynos: how long a click takes
// to be drawn, how smoothly the lists scroll, 50 MB of log through a pane; and the memory of the page after all of it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { ReleaseLink } from '../../agent/contract/releases/release.ts'
import { openLedgerFile } from '../../electron/sqlite/ledger-file.ts'
import { startProgram } from '../e2e/launch.ts'
import { openScreens } from '../renderer/page/open-page.ts'
import { findChromium } from '../tooling/test-run/chromium.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { median, percentile, round, summarize } from './figures/statistics.ts'
import { type Answer, type Frames, framesUntil, scrollFrames, timeClick } from './window/window-page.ts'

const ledgerApps = 500
const releasesOfApp = 200
const floodMegabytes = 50

export async function bench(context: BenchContext): Promise<Figures> {
  const product = await measureProduct(context)
  const screens = await measureScreens(context)
  return { ...product, ...screens }
}

/** From `npm start` on, over the product's own core. */
async function measureProduct({ runs, say, onEnd }: BenchContext): Promise<Figures> {
  const home = await mkdtemp(path.join(tmpdir(), 'hearth-bench-'))
  onEnd(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))
  say(`writing a ledger of ${ledgerApps * releasesOfApp} releases`)
  const queries = fillLedger(path.join(home, 'ledger.db'))
  const executablePath = findChromium()
  if (!executablePath) throw new Error('There is no chromium; HEARTH_TEST_CHROMIUM can name one.')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  onEnd(() => browser.close())
  const starts: number[] = []
  const pages: number[] = []
  const searches: number[] = []
  for (let run = 0; run < (runs ?? 5); run += 1) {
    await using made = new AsyncDisposableStack()
    const begin = performance.now()
    const program = startProgram(['dist/electron/start.js', '--browser'], home, made)
    const url = await program.waitFor(/http:\/\/127\.0\.0\.1:\d+\/open\?ticket=\S+/)
    const opened = performance.now()
    const page = await openWindow(browser, url, made)
    starts.push(performance.now() - begin)
    pages.push(performance.now() - opened)
    say(`start ${run + 1}: ${round(starts.at(-1) ?? 0)} ms, ${round(pages.at(-1) ?? 0)} of them the page`)
    searches.push(...(await searchLedger(page)))
  }
  return {
    ...summarize(starts, 'ms', 'start'),
    page_p50_ms: round(median(pages)),
    ledger_query_p50_ms: round(median(queries)),
    ledger_query_max_ms: round(Math.max(...queries)),
    ledger_search_p50_ms: round(median(searches)),
    ledger_search_p95_ms: round(percentile(searches, 95)),
  }
}

/** Until a click has been answered: the ledger's heading is there. */
async function openWindow(browser: Browser, url: string, made: AsyncDisposableStack): Promise<Page> {
  const context = made.adopt(await browser.newContext({ reducedMotion: 'reduce' }), (opened) => opened.close())
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('link', { name: 'Ledger' }).click()
  await page.getByRole('heading', { level: 1, name: 'Ledger' }).waitFor()
  return page
}

/** From the last letter to the rows, with what the screen waits for another letter. */
async function searchLedger(page: Page): Promise<number[]> {
  const times: number[] = []
  for (const number of [7, 77, 177, 277, 377, 477]) {
    const text = `needle-${number}-`
    const start = performance.now()
    await page.getByLabel('Search the ledger').fill(text)
    await page.locator('tbody tr', { hasText: text }).first().waitFor()
    times.push(performance.now() - start)
  }
  return times
}

/** How long questions to the file alone take: for one release, one app, one text that none has, and one that all have. */
function fillLedger(file: string): number[] {
  const ledger = openLedgerFile(file)
  for (let app = 0; app < ledgerApps; app += 1) {
    const appId = `app-id-${app}`
    ledger.noteName('app', appId, `app-${app}`)
    ledger.append(
      'server',
      Array.from({ length: releasesOfApp }, (_, version) => makeLink(app, appId, version + 1)),
    )
  }
  ledger.noteName('server', 'server', 'atlas')
  const searches = ['needle-77-', 'needle-477-', 'app-77', 'nothing like it', 'deploy', 'q'].flatMap((text) => [
    text,
    text,
  ])
  const times = searches.map((search) => {
    const start = performance.now()
    ledger.list({ search, limit: 200 })
    return performance.now() - start
  })
  ledger.close()
  return times
}

function makeLink(app: number, appId: string, version: number): ReleaseLink {
  const hash = `${app}-${version}`.padStart(64, '0')
  return {
    ...{ app_id: appId, version, release_id: `${appId}-${version}`, user: 'ann@example.com', config_digest: '' },
    description: version === 100 ? `Deploy needle-${app}-` : `Deploy of ${version.toString(16).padStart(7, '0')}`,
    created_at: new Date(Date.UTC(2026, 0, 1) + (app * releasesOfApp + version) * 60_000).toISOString(),
    ...{ slug_id: null, slug_checksum: hash, commit: hash.slice(24), config_salt: '' },
    ...{ previous_hash: hash, hash, signature: '' },
  }
}

/** The real screens over a bridge in memory that answers after 5 ms, as an agent nearby does. */
async function measureScreens({ runs, say, onEnd }: BenchContext): Promise<Figures> {
  const screens = await openScreens()
  onEnd(() => screens[Symbol.asyncDispose]())
  const begin = performance.now()
  const page = await screens.open('?large&latency=5#/')
  await page.getByRole('link', { name: 'app-500' }).first().waitFor({ state: 'attached' })
  const openMs = performance.now() - begin
  say(`500 apps are there after ${round(openMs)} ms`)
  const clicker = await openClicker(page)
  const switches = await timeSwitches(clicker, runs ?? 5)
  const clicks = await timeScreens(clicker, runs ?? 5)
  say(`a click is drawn after ${round(median(drawnOf(clicks)))} ms, at most ${round(Math.max(...drawnOf(clicks)))}`)
  await page.evaluate(timeClick, { selector: 'a[href="#/"]', wanted: 'Apps' })
  const apps = await page.evaluate(scrollFrames, { selector: 'main [class*=scroll], main', pixels: 120 })
  await goToDynos(page)
  const dynos = await page.evaluate(scrollFrames, { selector: '[class*=body]', pixels: 120 })
  const listsHeapMb = await heapOf(page)
  const flood = await pourLog(screens, say)
  return {
    lists_open_ms: round(openMs),
    ...summarize(drawnOf(switches), 'ms', 'switch'),
    switch_whole_p50_ms: round(median(wholeOf(switches))),
    switch_whole_p95_ms: round(percentile(wholeOf(switches), 95)),
    switch_cpu_p50_ms: round(median(cpuOf(switches))),
    click_p50_ms: round(median(drawnOf(clicks))),
    click_p95_ms: round(percentile(drawnOf(clicks), 95)),
    click_max_ms: round(Math.max(...drawnOf(clicks))),
    click_whole_p50_ms: round(median(wholeOf(clicks))),
    click_whole_p95_ms: round(percentile(wholeOf(clicks), 95)),
    click_cpu_p50_ms: round(median(cpuOf(clicks))),
    click_cpu_p95_ms: round(percentile(cpuOf(clicks), 95)),
    apps_scroll_frames_per_s: framesPerSecond(apps),
    dynos_scroll_frames_per_s: framesPerSecond(dynos),
    lists_heap_mb: listsHeapMb,
    ...flood,
    n: switches.length,
  }
}

/** One click, and what the page's own thread worked for it, which other work on the machine changes less. */
interface Click extends Answer {
  readonly cpuMs: number
}

const drawnOf = (clicks: readonly Click[]) => clicks.map(({ drawnMs }) => drawnMs)
const wholeOf = (clicks: readonly Click[]) => clicks.map(({ wholeMs }) => wholeMs)
const cpuOf = (clicks: readonly Click[]) => clicks.map(({ cpuMs }) => cpuMs)

type Clicker = (selector: string, wanted: string) => Promise<Click>

async function openClicker(page: Page): Promise<Clicker> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const worked = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0)
  }
  return async (selector, wanted) => {
    const before = await worked()
    const answer = await page.evaluate(timeClick, { selector, wanted })
    return { ...answer, cpuMs: (await worked()) - before }
  }
}

/** Between apps by the sidebar. */
async function timeSwitches(click: Clicker, rounds: number): Promise<Click[]> {
  const clicks: Click[] = []
  for (let run = 0; run < rounds; run += 1)
    for (const number of [2, 150, 299, 1, 498]) {
      const name = `app-${String(number).padStart(3, '0')}`
      clicks.push(await click(`nav a[href*="/apps/${name}/"]`, name))
    }
  return clicks
}

/** Through the screens of an app, and those of the whole window. */
async function timeScreens(click: Clicker, rounds: number): Promise<Click[]> {
  const clicks: Click[] = []
  const tabs = ['deploy', 'releases', 'logs', 'terminal', 'config-vars', 'access', 'settings', 'overview']
  for (let run = 0; run < rounds; run += 1) {
    await click('nav a[href*="/apps/app-002/"]', 'app-002')
    for (const tab of tabs) {
      const selector = `nav[aria-label^="Screens of"] a[href$="/${tab}"]`
      clicks.push(await click(selector, `${selector}[aria-current=page]`))
    }
    for (const [hash, wanted] of [
      ['#/ledger', 'Ledger'],
      ['#/', 'Apps'],
      ['#/settings', 'Settings'],
    ] as const)
      clicks.push(await click(`a[href="${hash}"]`, wanted))
  }
  return clicks
}

async function goToDynos(page: Page): Promise<void> {
  await page.evaluate(timeClick, { selector: 'nav a[href*="/apps/app-001/"]', wanted: 'app-001' })
  await page.getByRole('list', { name: 'Dynos' }).waitFor()
}

async function pourLog(
  screens: Awaited<ReturnType<typeof openScreens>>,
  say: (line: string) => void,
): Promise<Figures> {
  const page = await screens.open(`?megabytes=${floodMegabytes}&latency=5#/servers/atlas/apps/corner-shop/logs`)
  const frames = await page.evaluate(framesUntil, 'the end of the flood')
  say(`${floodMegabytes} MB of log in ${round(frames.elapsedMs / 1000)} s`)
  return {
    log_s: round(frames.elapsedMs / 1000),
    log_frames_per_s: framesPerSecond(frames),
    log_gap_p95_ms: round(percentile(frames.gapsMs, 95)),
    log_gap_max_ms: round(Math.max(...frames.gapsMs)),
    log_heap_mb: await heapOf(page),
  }
}

const framesPerSecond = ({ gapsMs, elapsedMs }: Frames): number => round((1000 * gapsMs.length) / elapsedMs)

/** What is still held after what is not has been collected. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return round(usedSize / 1e6)
}
