// npm run bench -- logs: lines of 100 bytes that a dyno writes as fast as it can, until they have come over SSH into the
// desktop, as a log session of the app; what is lost is counted.
import path from 'node:path'
import { root } from '../tooling/repository.ts'
import type { BenchContext, Figures } from './benchmark.ts'
import { openInstalled, type Product } from './product.ts'
import { median, round } from './statistics.ts'

const lines = 400_000
const app = 'flood'

export async function bench(context: BenchContext): Promise<Figures> {
  const product = await openInstalled(context)
  await product.deploy(app, path.join(root, 'electron/samples/hello-node'))
  const speeds: number[] = []
  let lost = 0
  for (let run = 0; run < (context.runs ?? 5); run += 1) {
    const flood = await measure(product, context.signal)
    speeds.push(flood.perSecond)
    lost += lines - flood.received
    context.say(`run ${run + 1}: ${round(flood.perSecond)} lines a second, ${lines - flood.received} lost`)
  }
  return {
    p50_lines_per_s: round(median(speeds)),
    min_lines_per_s: round(Math.min(...speeds)),
    lost_lines_count: lost,
    n: speeds.length,
  }
}

/** From the first line's arrival to the last one's. */
async function measure({ agent }: Product, signal: AbortSignal): Promise<{ perSecond: number; received: number }> {
  const stop = new AbortController()
  const { logplex_url: url } = await agent.call('createLogSession', { app }, { lines: 0, tail: true, dyno: 'run' })
  const reading = count(agent.readStream(url, AbortSignal.any([signal, stop.signal])))
  const command = `yes ${'x'.repeat(99)} | head -n ${lines}; sleep 0.5; echo the end`
  await agent.call('createDyno', { app }, { command })
  const result = await reading
  stop.abort()
  return result
}

async function count(chunks: AsyncIterable<Uint8Array>): Promise<{ perSecond: number; received: number }> {
  let received = 0
  let first = 0
  let last = 0
  let tail = ''
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const found = countLines(bytes, tail)
    if (found.lines > 0) {
      last = performance.now()
      if (first === 0) first = last
      received += found.lines
    }
    tail = found.rest
    if (found.hasEnded) break
  }
  return { perSecond: (1000 * received) / (last - first), received }
}

/** Lines of the flood only; the platform's own words and what was dropped are not what was written. */
function countLines(bytes: Buffer, before: string): { lines: number; rest: string; hasEnded: boolean } {
  const text = before + bytes.toString('latin1')
  const end = text.lastIndexOf('\n') + 1
  let lines = 0
  for (let at = text.indexOf(': xxx'); at !== -1 && at < end; at = text.indexOf(': xxx', at + 100)) lines += 1
  return { lines, rest: text.slice(end), hasEnded: text.includes(']: the end\n') }
}
