// npm run bench -- footprint: what Hearth takes on a fresh server: time and disk to install, memory while nothing happens,
// and how long each login of a desktop waits for the forced command.
import { setTimeout as sleep } from 'node:timers/promises'
import { openTestDesktop } from '../server/install/install-desktop.ts'
import { bootServer, type Server } from '../servers/index.ts'
import type { BenchContext, Figures } from './benchmark.ts'
import { median, round } from './statistics.ts'

const program = ['/usr/lib/hearth/current/node', '/usr/lib/hearth/current/agent.mjs']

export async function bench({ runs, say, onEnd, signal }: BenchContext): Promise<Figures> {
  const server = await bootServer()
  onEnd(() => server[Symbol.asyncDispose]())
  const desktop = await openTestDesktop(server)
  onEnd(() => desktop[Symbol.asyncDispose]())
  const started = performance.now()
  await desktop.install()
  const installS = (performance.now() - started) / 1000
  say(`installed in ${installS.toFixed(1)} s`)
  await sleep(10_000, undefined, { signal }) // Until what was needed to start is given back.
  const agent = await readMemory(server, 'hearth-agent')
  const router = await readMemory(server, 'hearth-router')
  return {
    resident_mb: round(agent.residentMb + router.residentMb),
    agent_resident_mb: round(agent.residentMb),
    router_resident_mb: round(router.residentMb),
    // Node's own pages, which both have mapped, counted once.
    proportional_mb: round(agent.proportionalMb + router.proportionalMb),
    install_s: round(installS),
    program_mb: await readDiskUse(server, '/usr/lib/hearth'),
    stack_mb: await readDiskUse(server, '/var/lib/hearth/stacks'),
    login_p50_ms: round(median(await timeLogins(server, runs ?? 15))),
    n: runs ?? 15,
  }
}

async function readMemory(server: Server, unit: string): Promise<{ residentMb: number; proportionalMb: number }> {
  const { stdout: pid } = await server.exec(['systemctl', 'show', '--value', '-p', 'MainPID', unit])
  const { stdout } = await server.exec(['cat', `/proc/${pid.trim()}/smaps_rollup`])
  const read = (field: string) => (Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(stdout)?.[1]) * 1024) / 1e6
  return { residentMb: read('Rss'), proportionalMb: read('Pss') }
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
