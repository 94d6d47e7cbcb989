// npm run bench -- router: hello world through the router's process on loopback, 32 connections kept alive, log lines read
// as the agent reads them. On a machine that does other things too, trust the CPU time a request, not the requests a second.
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchContext, Figures } from './benchmark.ts'
import { loadHttp } from './http-load.ts'
import { hostname, openRouterProcess, type RouterProcess } from './router-process.ts'
import { median, round } from './statistics.ts'

const connections = 32
const seconds = 3
const port = 18_750

export async function bench({ runs, say, signal, onEnd }: BenchContext): Promise<Figures> {
  const router = await openRouterProcess(port)
  onEnd(() => router.close())
  await sleep(2000)
  const idleMb = router.residentMb()
  await loadHttp({ port, host: hostname, connections, seconds: 1 }, signal) // Until the compiler has done its work.
  const samples: Sample[] = []
  for (let run = 0; run < (runs ?? 3); run++) {
    const sample = await measure(router, signal)
    samples.push(sample)
    say(`run ${run + 1}: ${round(sample.perSecond)} requests a second, ${round(sample.cpuUs)} us of CPU each`)
  }
  const burstMb = router.residentMb()
  await sleep(5000)
  return {
    requests_per_s: round(median(samples.map(({ perSecond }) => perSecond))),
    cpu_p50_us: round(median(samples.map(({ cpuUs }) => cpuUs))),
    cpu_min_us: round(Math.min(...samples.map(({ cpuUs }) => cpuUs))),
    idle_resident_mb: round(idleMb),
    burst_resident_mb: round(burstMb),
    after_burst_resident_mb: round(router.residentMb()),
    n: samples.length,
  }
}

interface Sample {
  readonly perSecond: number
  readonly cpuUs: number
}

async function measure(router: RouterProcess, signal: AbortSignal): Promise<Sample> {
  const before = { cpuUs: router.cpuUs(), lines: router.loggedLines }
  const requests = await loadHttp({ port, host: hostname, connections, seconds }, signal)
  const cpuUs = router.cpuUs() - before.cpuUs
  await sleep(200) // The last lines are on their way.
  // Without its log the router would be another, faster one. Requests in flight at the end are logged and not counted.
  if (router.loggedLines - before.lines < requests) throw new Error(`Not all of ${requests} requests were logged.`)
  return { perSecond: requests / seconds, cpuUs: cpuUs / requests }
}
