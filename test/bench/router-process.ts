// The router as a server runs it, in a process of its own, with one app whose dyno says hello.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { openRouterControl } from '../../agent/router/control-client.ts'
import { root } from '../tooling/repository.ts'

export const hostname = 'hello.test'

export interface RouterProcess {
  readonly port: number
  /** Log lines that arrived at the agent's side. */
  readonly loggedLines: number
  cpuUs(): number
  residentMb(): number
  close(): Promise<void>
}

export async function openRouterProcess(port: number): Promise<RouterProcess> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-bench-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const places = ['--run', folder, '--router-directory', folder, '--router-port', String(port)]
  const command = [`${root}/dist/agent/agent.mjs`, 'router', '--runner', 'process', ...places]
  const router = stack.adopt(spawnAlone(command), end)
  const dyno = stack.adopt(spawn(process.execPath, [path.join(import.meta.dirname, 'hello-dyno.ts')]), end)
  const [address] = (await once(createInterface(dyno.stdout), 'line')) as [string]
  const control = stack.adopt(openRouterControl({ controlPath: path.join(folder, 'control.sock') }), (it) => it.close())
  let loggedLines = 0
  control.onLog((entry) => {
    loggedLines += entry.kind === 'line' ? 1 : 0
  })
  const dynos = [{ id: 'hello', name: 'web.1', host: '127.0.0.1', port: JSON.parse(address).port as number }]
  const app = { id: 'hello', name: 'hello', hostnames: [hostname], maintenance: false, state: 'up' as const, dynos }
  await control.apply({ revision: 1, apps: [app] })
  const opened = stack.move()
  return {
    port,
    get loggedLines() {
      return loggedLines
    },
    cpuUs: () => readCpuUs(router.pid as number),
    residentMb: () => readResidentMb(router.pid as number),
    close: () => opened.disposeAsync(),
  }
}

/** On a core that the load and the dyno don't use, if there is more than one and a program that says so. */
function spawnAlone(command: readonly string[]): ChildProcess {
  const canChoose = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0
  const [program = '', ...parameters] = [...(canChoose ? ['taskset', '-c', '0'] : []), process.execPath, ...command]
  return spawn(program, parameters, { stdio: 'inherit' })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill()
  await once(child, 'exit')
}

// Fields 14 and 15 of proc_pid_stat(5), user and system time, in hundredths of a second; field 2 may hold spaces.
function readCpuUs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

function readResidentMb(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kilobytes) * 1024) / 1e6
}
