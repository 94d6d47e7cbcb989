// What is compared: a proxy of its own process or processes, all on one core, in front of one origin.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { availableParallelism } from 'node:os'

export const hostname = 'hello.test'

export interface RunningProxy {
  readonly port: number
  /** Where clients begin with TLS, for those that are set up for it. */
  readonly tlsPort?: number
  /** User and system time so far of all its processes. */
  cpuUs(): number
  residentMb(): number
  /** Throws unless so many requests were logged since the last call: without its log a proxy is another, faster one. */
  checkLog?(requests: number): Promise<void>
  close(): Promise<void>
}

export interface ProxyPlace {
  /** A temporary folder of its own. */
  readonly folder: string
  readonly port: number
  readonly originPort: number
  readonly tls: TlsPlace
}

export interface TlsPlace {
  readonly port: number
  /** PEM, for `hostname`. */
  readonly certificate: string
  readonly key: string
}

export type OpenProxy = (place: ProxyPlace) => Promise<RunningProxy>

export function hasProgram(program: string, flag = '--version'): boolean {
  return spawnSync(program, [flag], { stdio: 'ignore' }).error === undefined
}

// Before this process leaves one of them.
const cores = availableParallelism()

/** The proxy under test has core 0 for itself; load and origin have the others, if there are any. */
export function onCore(core: 'proxy' | 'others', command: readonly string[]): string[] {
  if (cores === 1 || !hasProgram('taskset')) return [...command]
  return ['taskset', '-c', core === 'proxy' ? '0' : `1-${cores - 1}`, ...command]
}

/** Takes this process off the proxy's core: what it does, as reading the proxy's log, is somebody else's work on a server too. */
export function leaveProxyCore(): void {
  const [program, ...parameters] = onCore('others', [String(process.pid)])
  if (program === 'taskset') spawnSync(program, ['--all-tasks', '--pid', ...parameters], { stdio: 'ignore' })
}

/** Starts a proxy's main process; the CPU time and memory of its children count as its own. */
export function startProxy(
  command: readonly string[],
  options: { port: number; stdout?: number; environment?: NodeJS.ProcessEnv },
): RunningProxy {
  const [program = '', ...parameters] = onCore('proxy', command)
  const stdio = ['ignore', options.stdout ?? 'ignore', 'inherit'] as const
  const child = spawn(program, parameters, { stdio: [...stdio], env: { ...process.env, ...options.environment } })
  const pids = () => [child.pid as number, ...childrenOf(child.pid as number)]
  return {
    port: options.port,
    cpuUs: () => sum(pids().map(readCpuUs)),
    residentMb: () => sum(pids().map(readResidentMb)),
    close: () => end(child),
  }
}

/** A free one; proxies can't be told to choose. */
export async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill()
  await once(child, 'exit')
}

function childrenOf(parent: number): number[] {
  return readdirSync(`/proc/${parent}/task`).flatMap((task) =>
    readFileSync(`/proc/${parent}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
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

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
