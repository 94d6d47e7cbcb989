// npm run bench -- router: our router with its log line for each request, beside what is installed of nginx, HAProxy, Caddy and
// kamal-proxy with theirs, each on one core in front of the same origin. They take turns, so that whatever else the machine does
// meets them all; trust the CPU time a request more than the requests a second. HEARTH_BENCH_ONLY=hearth,nginx picks some.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeCertified } from '../agent/certificates/made.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { median, round } from './figures/statistics.ts'
import { type Load, type LoadResult, loadHttp, paceHttp } from './load/http-load.ts'
import { loadHandshakes, loadTls } from './load/tls-load.ts'
import { loadWebsockets } from './load/websocket-load.ts'
import { openCaddy } from './proxies/caddy.ts'
import { openHaproxy } from './proxies/haproxy.ts'
import { openHearth } from './proxies/hearth.ts'
import { openKamalProxy } from './proxies/kamal-proxy.ts'
import { openNginx } from './proxies/nginx.ts'
import { openOrigin } from './proxies/origin-process.ts'
import { findPort, hasProgram, hostname, leaveProxyCore, type OpenProxy, type RunningProxy } from './proxies/proxy.ts'

const peers: Record<string, { open: OpenProxy; program: string }> = {
  hearth: { open: openHearth, program: process.execPath },
  nginx: { open: openNginx, program: 'nginx' },
  haproxy: { open: openHaproxy, program: 'haproxy' },
  caddy: { open: openCaddy, program: 'caddy' },
  kamal_proxy: { open: openKamalProxy, program: 'kamal-proxy' },
}

interface Scenario {
  readonly name: string
  readonly path: string
  readonly connections: number
  run(load: Load, signal: AbortSignal): Promise<LoadResult>
}

const scenarios: Scenario[] = [
  { name: '1kb_c32', path: '/1k', connections: 32, run: loadHttp },
  { name: '1kb_c256', path: '/1k', connections: 256, run: loadHttp },
  { name: '100kb_c32', path: '/100k', connections: 32, run: loadHttp },
  { name: '10mb_c32', path: '/10m', connections: 32, run: loadHttp },
  { name: 'tls_1kb_c32', path: '/1k', connections: 32, run: loadTls },
  { name: 'tls_handshakes_c8', path: '/1k', connections: 8, run: loadHandshakes },
  { name: 'websocket_c32', path: '/echo', connections: 32, run: loadWebsockets },
]

const seconds = 3
/** In three seconds the requests that 256 connections begin with, all at once, would be the slowest hundredth of all. */
const halfLoadSeconds = 10

interface Sample {
  readonly perSecond: number
  readonly cpuUs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly residentMb: number
}

export async function bench(context: BenchContext): Promise<Figures> {
  const { runs, say, signal } = context
  const { proxies, originPort } = await openAll(context)
  await sleep(1000, undefined, { signal })
  const idle = Object.fromEntries([...proxies].map(([name, proxy]) => [`${name}_idle_resident_mb`, proxy.residentMb()]))
  const figures: Figures = { ...mapValues(idle, round) }
  for (const scenario of scenarios) {
    const samples = new Map<string, Sample[]>([...proxies.keys()].map((name) => [name, []]))
    for (let run = 0; run < (runs ?? 3); run++) {
      for (const [name, proxy] of proxies) {
        if (portFor(proxy, scenario) !== undefined) samples.get(name)?.push(await measure(proxy, scenario, signal))
      }
    }
    for (const [name, list] of samples) {
      if (list.length === 0) continue
      const middle = middleOf(list)
      say(`${scenario.name.padEnd(14)} ${name.padEnd(12)} ${describe(middle)}`)
      Object.assign(figures, nameFigures(`${name}_${scenario.name}`, middle))
    }
  }
  const perSecond = (figures.hearth_1kb_c32_requests_per_s ?? 0) / 2
  Object.assign(figures, await measureHalfLoad(proxies, { originPort, perSecond }, context))
  return { ...figures, n: runs ?? 3 }
}

async function openAll({ say, onEnd }: BenchContext) {
  leaveProxyCore()
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-bench-'))
  onEnd(() => rm(folder, { recursive: true, force: true }))
  const origin = await openOrigin()
  onEnd(() => origin.close())
  const certified = await makeCertified(hostname)
  const wanted = process.env.HEARTH_BENCH_ONLY?.split(',')
  const proxies = new Map<string, RunningProxy>()
  for (const [name, { open, program }] of Object.entries(peers)) {
    if (wanted && !wanted.includes(name)) continue
    if (!hasProgram(program, name === 'nginx' || name === 'haproxy' ? '-v' : 'version')) {
      say(`${name} is not installed and left out`)
      continue
    }
    const place = path.join(folder, name)
    await mkdir(place)
    const tlsPlace = { port: await findPort(), ...certified }
    const proxy = await open({ folder: place, port: await findPort(), originPort: origin.port, tls: tlsPlace })
    onEnd(() => proxy.close())
    proxies.set(name, proxy)
    await warm(proxy)
  }
  return { proxies, originPort: origin.port }
}

/** Until it listens, and a compiler has done its work; of TLS too, which has its own. */
async function warm(proxy: RunningProxy): Promise<void> {
  const { signal } = new AbortController()
  const load = { port: proxy.port, host: hostname, path: '/1k', connections: 32, seconds: 1 }
  for (let attempt = 0; ; attempt++) {
    try {
      await loadHttp(load, signal)
      if (proxy.tlsPort === undefined) return
      const secure = { ...load, port: proxy.tlsPort }
      await loadTls(secure, signal)
      await loadHandshakes({ ...secure, connections: 8 }, signal)
      return
    } catch (error) {
      if (attempt === 5) throw error
      await sleep(500)
    }
  }
}

/** Undefined where a proxy is not set up for TLS. */
const portFor = (proxy: RunningProxy, { run }: Scenario): number | undefined =>
  run === loadTls || run === loadHandshakes ? proxy.tlsPort : proxy.port

async function measure(proxy: RunningProxy, scenario: Scenario, signal: AbortSignal): Promise<Sample> {
  const { path: target, connections } = scenario
  const port = portFor(proxy, scenario) ?? proxy.port
  await proxy.checkLog?.(0)
  const before = proxy.cpuUs()
  const result = await scenario.run({ port, host: hostname, path: target, connections, seconds }, signal)
  const cpuUs = proxy.cpuUs() - before
  if (scenario.run !== loadWebsockets) await proxy.checkLog?.(result.requests)
  return {
    perSecond: result.requests / seconds,
    cpuUs: cpuUs / result.requests,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    residentMb: proxy.residentMb(),
  }
}

/** What each adds to the origin's own times when it has half of the work that ours can do. */
async function measureHalfLoad(
  proxies: Map<string, RunningProxy>,
  { originPort, perSecond }: { originPort: number; perSecond: number },
  { runs, say, signal }: BenchContext,
): Promise<Figures> {
  const pace = (port: number) =>
    paceHttp({ port, host: hostname, path: '/1k', connections: 256, seconds: halfLoadSeconds, perSecond }, signal)
  const added = [...proxies].map(([name, proxy]) => ({ name, proxy, p50: [] as number[], p99: [] as number[] }))
  for (let run = 0; run < (runs ?? 3); run++) {
    const alone = await pace(originPort)
    for (const { proxy, p50, p99 } of added) {
      const through = await pace(proxy.port)
      if (!(alone && through)) return {}
      p50.push(Math.max(0, through.p50Ms - alone.p50Ms))
      p99.push(Math.max(0, through.p99Ms - alone.p99Ms))
    }
  }
  const figures: Figures = {}
  for (const { name, p50, p99 } of added) {
    say(`half load      ${name.padEnd(12)} adds p50 ${round(median(p50))} ms  p99 ${round(median(p99))} ms`)
    figures[`${name}_added_p50_at_half_load_ms`] = round(median(p50))
    figures[`${name}_added_p99_at_half_load_ms`] = round(median(p99))
  }
  return figures
}

function middleOf(samples: Sample[]): Sample {
  const of = (field: keyof Sample) => median(samples.map((sample) => sample[field]))
  return {
    perSecond: of('perSecond'),
    cpuUs: of('cpuUs'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    residentMb: of('residentMb'),
  }
}

const describe = ({ perSecond, cpuUs, p50Ms, p99Ms, residentMb }: Sample): string =>
  `${round(perSecond)}/s  ${round(cpuUs)} us CPU  p50 ${round(p50Ms)} ms  p99 ${round(p99Ms)} ms  ${round(residentMb)} MB`

const nameFigures = (prefix: string, { perSecond, cpuUs, p50Ms, p99Ms, residentMb }: Sample): Figures => ({
  [`${prefix}_requests_per_s`]: round(perSecond),
  [`${prefix}_cpu_us`]: round(cpuUs),
  [`${prefix}_p50_ms`]: round(p50Ms),
  [`${prefix}_p99_ms`]: round(p99Ms),
  [`${prefix}_resident_mb`]: round(residentMb),
})

const mapValues = (figures: Figures, change: (value: number) => number): Figures =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, change(value)]))
