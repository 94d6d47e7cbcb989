// npm run bench -- logs: lines of 100 bytes that a dyno writes, until they have come over SSH into the desktop as a log
// session of the app: at which pace nothing is lost, what arrives when the dyno writes as fast as it can, and how smoothly
// the window's log pane draws at the pace that is the aim.
import path from 'node:path'
import { root } from '../tooling/repository.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { median, round } from './figures/statistics.ts'
import { openInstalled, type Product } from './product.ts'
import { measurePane } from './window/log-pane.ts'

const app = 'flood'
/** Tried in this order until lines are lost. */
const paces = [25_000, 50_000, 75_000, 100_000, 150_000, 200_000]
const secondsPerPace = 3
const floodLines = 400_000

export async function bench(context: BenchContext): Promise<Figures> {
  const product = await openInstalled(context)
  await product.deploy(app, path.join(root, 'electron/samples/hello-node'))
  const lossless = await findLosslessPace(product, context)
  const floods: Flood[] = []
  for (let run = 0; run < (context.runs ?? 3); run += 1) {
    const command = `yes ${'x'.repeat(99)} | head -n ${floodLines}; sleep 0.5; echo the end`
    const flood = await measure(product, command, context.signal)
    floods.push(flood)
    context.say(
      `flood ${run + 1}: ${round(flood.perSecond)} lines a second arrived, ${floodLines - flood.received} lost`,
    )
  }
  const pane = await measurePane(context, pacedWriter)
  return {
    ...pane,
    lossless_lines_per_s: round(lossless),
    flood_lost_percent: round(100 - (100 * median(floods.map(({ received }) => received))) / floodLines),
    n: floods.length,
  }
}

interface Flood {
  readonly perSecond: number
  readonly received: number
}

/** The highest pace at which every line came, as measured on arrival. */
async function findLosslessPace(product: Product, { say, signal }: BenchContext): Promise<number> {
  let lossless = 0
  for (const pace of paces) {
    const lines = pace * secondsPerPace
    const flood = await measure(
      product,
      `node -e '${pacedWriter(pace, secondsPerPace)}'; sleep 0.5; echo the end`,
      signal,
    )
    say(`at ${pace} lines a second: ${round(flood.perSecond)} a second arrived, ${lines - flood.received} lost`)
    if (flood.received < lines) break
    lossless = flood.perSecond
  }
  return lossless
}

/** What is due by the clock, so that a timer that comes late does not slow it down. */
function pacedWriter(pace: number, seconds: number): string {
  const lines = pace * seconds
  return `
    const line = "x".repeat(99) + "\\n"
    const started = performance.now()
    let written = 0
    const timer = setInterval(() => {
      const due = Math.min(${lines}, Math.floor(((performance.now() - started) * ${pace}) / 1000))
      if (due > written) process.stdout.write(line.repeat(due - written))
      written = due
      if (written === ${lines}) clearInterval(timer)
    }, 5)`
}

/** From the first line's arrival to the last one's. */
async function measure({ agent }: Product, command: string, signal: AbortSignal): Promise<Flood> {
  const { logplex_url: url } = await agent.call('createLogSession', { app }, { lines: 0, tail: true, dyno: 'run' })
  const reading = count(agent.readStream(url, signal))
  await agent.call('createDyno', { app }, { command })
  return await reading
}

async function count(chunks: AsyncIterable<Uint8Array>): Promise<Flood> {
  let received = 0
  let first = 0
  let last = 0
  let rest = ''
  for await (const chunk of chunks) {
    const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')
    const end = text.lastIndexOf('\n') + 1
    const lines = countLines(text.slice(0, end))
    rest = text.slice(end)
    if (lines > 0) {
      last = performance.now()
      if (first === 0) first = last
    }
    received += lines
    if (text.includes(']: the end\n')) break
  }
  return { perSecond: (1000 * received) / Math.max(1, last - first), received }
}

/** Lines of the dyno only: the platform's own words, and its word of what was dropped, are not what was written. */
function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf(']: xxx'); at !== -1; at = text.indexOf(']: xxx', at + 100)) lines += 1
  return lines
}
