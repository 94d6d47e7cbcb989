// The log pane during a flood: the product's window in a real browser, over the real core, SSH and agent.
import type { Page } from 'playwright-core'
import { adoptHome } from '../../e2e/adopt-home.ts'
import { browserShell } from '../../e2e/launch.ts'
import { bootHearthServer, fixture } from '../../server/hearth-server.ts'
import type { BenchContext, Figures } from '../figures/benchmark.ts'
import { median, percentile, round } from '../figures/statistics.ts'

const app = 'flood'
/** The aim of the log's way; beyond it the agent drops lines and says so. */
const pace = 50_000
const floodSeconds = 6
/** Left out at the beginning: the node of the dyno starts, the pane fills. */
const settleMs = 1000
const measureMs = 4000

interface Frames {
  readonly gapsMs: readonly number[]
  readonly lines: number
  readonly elapsedMs: number
}

/** `writer` is the program of a dyno that writes so many lines a second for so long. */
export async function measurePane(
  { runs, say, onEnd }: BenchContext,
  writer: (pace: number, seconds: number) => string,
): Promise<Figures> {
  say('opening the window on a server with Hearth')
  const hearth = await bootHearthServer()
  onEnd(() => hearth[Symbol.asyncDispose]())
  const { desktop } = hearth
  await desktop.deploy(app, fixture('node-hello'))
  const window = await browserShell.launch((home) => adoptHome(desktop, home))
  onEnd(() => window.close())
  await openLog(window.page, desktop.serverId)
  const samples: Frames[] = []
  for (let run = 0; run < (runs ?? 3); run += 1) {
    const command = `node -e '${writer(pace, floodSeconds)}'; sleep 0.5; echo the end of ${run}`
    const frames = window.page.evaluate(watchFrames, { settleMs, measureMs })
    await desktop.core.servers.agent(desktop.serverId).call('createDyno', { app }, { command })
    samples.push(await frames)
    const { framesPerS, linesPerS } = describe(samples.at(-1) as Frames)
    say(`pane ${run + 1}: ${round(framesPerS)} frames and ${round(linesPerS)} lines a second`)
    await window.page.getByText(`the end of ${run}`).last().waitFor({ timeout: 60_000 })
  }
  return summarizeFrames(samples)
}

function summarizeFrames(samples: readonly Frames[]): Figures {
  const gaps = samples.flatMap(({ gapsMs }) => gapsMs)
  return {
    pane_frames_per_s: round(median(samples.map((frames) => describe(frames).framesPerS))),
    pane_lines_per_s: round(median(samples.map((frames) => describe(frames).linesPerS))),
    pane_gap_p95_ms: round(percentile(gaps, 95)),
    pane_gap_max_ms: round(Math.max(...gaps)),
  }
}

function describe({ gapsMs, lines, elapsedMs }: Frames) {
  return { framesPerS: (1000 * gapsMs.length) / elapsedMs, linesPerS: (1000 * lines) / elapsedMs }
}

async function openLog(page: Page, serverId: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, `#/servers/${serverId}/apps/${app}/logs`)
  await page.getByText(/^Live · /).waitFor({ timeout: 30_000 })
}

/** In the page: from when the flood has come and settled, each frame that is drawn, and the lines that the pane counts. */
async function watchFrames({ settleMs, measureMs }: { settleMs: number; measureMs: number }): Promise<Frames> {
  const frame = () => new Promise<number>((drawn) => requestAnimationFrame(drawn))
  const countLines = () => {
    const foot = [...document.querySelectorAll('.num')].find(({ textContent }) => textContent?.startsWith('Live · '))
    return Number(/· ([\d,]+) line/.exec(foot?.textContent ?? '')?.[1]?.replaceAll(',', '') ?? 0)
  }
  const before = countLines()
  while (countLines() < before + 1000) await frame()
  await new Promise((settled) => setTimeout(settled, settleMs))
  const startLines = countLines()
  const start = await frame()
  const gapsMs: number[] = []
  for (let last = start; last - start < measureMs; ) {
    const now = await frame()
    gapsMs.push(now - last)
    last = now
  }
  return { gapsMs, lines: countLines() - startLines, elapsedMs: gapsMs.reduce((sum, gap) => sum + gap, 0) }
}
