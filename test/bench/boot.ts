// npm run bench -- boot: a hello-world Node dyno, from the order to start until the first byte; on a test server by
// systemd and in podman's containers (boot_podman_*), and on this computer (boot_process_*) as a child process.
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ProcessRunner } from '../../agent/process/process-runner.ts'
import { Bench } from '../agent/dyno-runner-bench.ts'
import { bootDynoServer, runInside } from '../server/dynos/dyno-server.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { summarize } from './figures/statistics.ts'

export async function bench(context: BenchContext): Promise<Figures> {
  const { runs, say, onEnd } = context
  const ofProcesses = await measureProcesses(context)
  const server = await bootDynoServer()
  onEnd(() => server.destroy())
  const measure = async (...options: string[]) => {
    const boots = await runInside<{ ms: number; runningMs: number }>(server, 'boots', String(runs ?? 50), ...options)
    for (const [at, { ms, runningMs }] of boots.entries())
      say(`boot ${at + 1} ${options.join(' ')}: ${ms.toFixed(0)} ms, ${runningMs.toFixed(0)} until its command ran`)
    return { totals: boots.map(({ ms }) => ms), starts: boots.map(({ runningMs }) => runningMs) }
  }
  const [own, podman] = [await measure(), await measure('--podman')]
  return {
    ...ofProcesses,
    ...summarize(podman.starts, 'ms', 'boot_podman_running'),
    ...summarize(podman.totals, 'ms', 'boot_podman'),
    ...summarize(own.starts, 'ms', 'running'),
    ...summarize(own.totals, 'ms'),
  }
}

const listening = `require('node:http').createServer((_, answer) => answer.end('hello')).listen(process.env.PORT)`

async function measureProcesses({ runs, say, onEnd }: BenchContext): Promise<Figures> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-boot-'))
  onEnd(() => rm(folder, { recursive: true, force: true }))
  const createRunner = () => new ProcessRunner({ folder: path.join(folder, 'dynos') })
  const bench = new Bench({ folder, stackDirectory: null, limitsMemory: false, createRunner })
  await bench.runner.open(bench.recorder)
  onEnd(() => bench.runner.close())
  say(`this computer: ${bench.runner.sandbox}`)
  const tree = await bench.makeSlug({ 'server.js': listening })
  const samples: number[] = []
  for (let run = 0; run < (runs ?? 50); run += 1) {
    const started = performance.now()
    const { id, address } = await bench.start('node server.js', { tree, listens: true })
    await bench.runner.waitUntilListening(id, new AbortController().signal)
    if (address) await readFirstByte(address)
    samples.push(performance.now() - started)
    await bench.runner.stop(id, 1000)
  }
  return summarize(samples, 'ms', 'boot_process')
}

function readFirstByte({ host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get({ host, port, agent: false }, (answer) => answer.once('data', () => resolve()).resume())
      .on('error', reject)
  })
}
