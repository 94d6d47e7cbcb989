// npm run bench -- footprint: what Hearth takes on a fresh server: time and disk to install, memory and CPU while nothing happens
// (after the start, and after a deploy with a desktop connected), and how long each login waits for the forced command.
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from '../servers/index.ts'
import { root } from '../tooling/repository.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { median, round } from './figures/statistics.ts'
import { openInstalled } from './product.ts'

const program = ['/usr/lib/hearth/current/node', '/usr/lib/hearth/current/agent.mjs']

export async function bench(context: BenchContext): Promise<Figures> {
  const { runs, say, signal } = context
  const product = await openInstalled(context)
  const { server, installS } = product
  say(`installed in ${installS.toFixed(1)} s`)
  const atRest = () => sleep(40_000, undefined, { signal }) // Until what was needed is given back, also on a machine that is busy with other things.
  await atRest()
  const started = await readMemory(server)
  await product.deploy('hello', path.join(root, 'electron/samples/hello-node'))
  await atRest()
  const deployed = await readMemory(server)
  return {
    ...started,
    after_deploy_resident_mb: deployed.resident_mb,
    after_deploy_private_mb: deployed.private_mb,
    // With one dyno and a desktop connected: what it looks at and records by itself.
    agent_minute_cpu_ms: round(await measureCpu(server, signal)),
    install_s: round(installS),
    program_mb: await readDiskUse(server, '/usr/lib/hearth'),
    stack_mb: await readDiskUse(server, '/var/lib/hearth/stacks'),
    login_p50_ms: round(median(await timeLogins(server, runs ?? 15))),
    n: runs ?? 15,
  }
}

async function readMemory(server: Server) {
  const agent = await readRollup(server, 'hearth-agent')
  const router = await readRollup(server, 'hearth-router')
  return {
    resident_mb: round(agent.Rss + router.Rss),
    agent_resident_mb: round(agent.Rss),
    router_resident_mb: round(router.Rss),
    // Node's own pages, which both have mapped, counted once.
    proportional_mb: round(agent.Pss + router.Pss),
    // What only they have: without the pages of Node's program, which the dynos and the page cache share.
    private_mb: round(agent.Anonymous + router.Anonymous),
  }
}

/** Of a unit's main process, in MB. */
async function readRollup(server: Server, unit: string): Promise<Record<'Rss' | 'Pss' | 'Anonymous', number>> {
  const { stdout: pid } = await server.exec(['systemctl', 'show', '--value', '-p', 'MainPID', unit])
  const { stdout } = await server.exec(['cat', `/proc/${pid.trim()}/smaps_rollup`])
  const read = (field: string) => (Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(stdout)?.[1]) * 1024) / 1e6
  return { Rss: read('Rss'), Pss: read('Pss'), Anonymous: read('Anonymous') }
}

/** Milliseconds of the agent's CPU in a minute in which nobody asks for anything. */
async function measureCpu(server: Server, signal: AbortSignal): Promise<number> {
  const read = async () => {
    const { stdout: pid } = await server.exec(['systemctl', 'show', '--value', '-p', 'MainPID', 'hearth-agent'])
    const { stdout } = await server.exec(['cat', `/proc/${pid.trim()}/stat`])
    // utime and stime of proc_pid_stat(5), in hundredths of a second.
    const fields = stdout.slice(stdout.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  }
  const before = await read()
  await sleep(60_000, undefined, { signal })
  return (await read()) - before
}

async function readDiskUse(server: Server, folder: string): Promise<number> {
  const { stdout } = await server.exec(['du', '-sx', '--block-size=1', folder])
  return round(Number.parseInt(stdout, 10) / 1e6)
}

/** Within the server, one after the other: the network and the SSH server are not ours. */
async function timeLogins(server: Server, times: number): Promise<number[]> {
  const timed = `
    const { spawnSync } = require('node:child_process')
    const samples = Array.from({ length: ${times} }, () => {
      const started = performance.now()
      const env = { SSH_ORIGINAL_COMMAND: 'token' }
      const { status, stderr } = spawnSync(${JSON.stringify(program[0])}, [${JSON.stringify(program[1])}, 'connect', process.argv[1]], { env })
      if (status !== 0) throw new Error(String(stderr))
      return performance.now() - started
    })
    console.log(JSON.stringify(samples))`
  const { stdout: keys } = await server.exec(['cat', '/home/hearth/.ssh/authorized_keys'])
  const keyId = / connect (\S+)"/.exec(keys)?.[1] ?? ''
  const { stdout } = await server.exec([`${program[0]}`, '-e', timed, keyId])
  return JSON.parse(stdout)
}
