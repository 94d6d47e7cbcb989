// Keep-alive HTTP load on a port of this machine, from a process of its own: wrk where there is one, else sockets of our own.
// `node http-load.ts PORT HOST PATH CONNECTIONS SECONDS` is the latter; it prints what wrk's figures are read into.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from '../../tooling/step.ts'
import { percentile } from '../figures/statistics.ts'
import { hasProgram, onCore } from '../proxies/proxy.ts'

export interface Load {
  readonly port: number
  readonly host: string
  readonly path: string
  readonly connections: number
  readonly seconds: number
}

export interface LoadResult {
  /** How many requests were answered. */
  readonly requests: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** Each connection asks again as soon as it has its answer. */
export async function loadHttp(load: Load, signal: AbortSignal): Promise<LoadResult> {
  const result = hasProgram('wrk') ? await runWrk(load, signal) : await runSockets(load, signal)
  if (result.requests === 0) throw new Error(`Nothing answers at port ${load.port}.`)
  return result
}

/**
 * About so many requests a second, sent at random times as independent people do, each connection's after its last answer. Null where
 * there is no wrk. h2load's own pace won't do: every 10 ms it sends all that is due, which is full speed with pauses between.
 */
export async function paceHttp(
  load: Load & { readonly perSecond: number },
  signal: AbortSignal,
): Promise<LoadResult | null> {
  if (!hasProgram('wrk')) return null
  const folder = await mkdtemp(join(tmpdir(), 'hearth-pace-'))
  const script = join(folder, 'pace.lua')
  const meanMs = (load.connections * 1000) / load.perSecond
  try {
    await writeFile(script, `function delay() return -math.log(1 - math.random()) * ${meanMs} end\n`)
    return await runWrk(load, signal, ['-s', script])
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function runWrk(
  { port, host, path, connections, seconds }: Load,
  signal: AbortSignal,
  more: readonly string[] = [],
): Promise<LoadResult> {
  const options = ['-t1', '-c', String(connections), '-d', `${seconds}s`, '--latency', '-H', `Host: ${host}`, ...more]
  const output = await run(['wrk', ...options, `http://127.0.0.1:${port}${path}`], signal)
  const [, requests] = /(\d+) requests in /.exec(output) ?? []
  if (requests === undefined || /Non-2xx/.test(output)) throw new Error(`wrk:\n${output}`)
  const at = (percent: number) => {
    const [, value, unit] = new RegExp(`\\b${percent}%\\s+([\\d.]+)(us|ms|s|m)\\b`).exec(output) ?? []
    return Number(value) * { us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit as 'us' | 'ms' | 's' | 'm']
  }
  return { requests: Number(requests), p50Ms: at(50), p99Ms: at(99) }
}

async function runSockets({ port, host, path, connections, seconds }: Load, signal: AbortSignal): Promise<LoadResult> {
  const parameters = [import.meta.filename, port, host, path, connections, seconds].map(String)
  return JSON.parse(await run([process.execPath, ...parameters], signal)) as LoadResult
}

async function run(command: readonly string[], signal: AbortSignal): Promise<string> {
  const [program = '', ...parameters] = onCore('others', command)
  const { status, output } = await runProgram(program, parameters, signal)
  if (status !== 0) throw new Error(output)
  return output
}

/** Calls back with how long each answer took, in ms. */
function askOnAndOn({ port, host, path }: Load, onAnswer: (durationMs: number) => void): void {
  const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let remaining = 0
  let askedAt = 0
  const ask = () => {
    askedAt = performance.now()
    socket.write(request, 'latin1')
  }
  socket.on('data', (chunk) => {
    if (remaining === 0) remaining = sizeOf(chunk)
    remaining -= chunk.length
    if (remaining > 0) return
    onAnswer(performance.now() - askedAt)
    ask()
  })
  ask()
}

/** Of the whole answer, by its head, which comes in one piece. */
export function sizeOf(chunk: Buffer): number {
  const end = chunk.indexOf('\r\n\r\n')
  const head = chunk.toString('latin1', 0, end)
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(head)
  return end + 4 + Number(/^content-length: (\d+)/im.exec(head)?.[1])
}

if (import.meta.main) {
  const [port = '', host = '', path = '', connections = '', seconds = ''] = process.argv.slice(2)
  const load = { port: Number(port), host, path, connections: Number(connections), seconds: Number(seconds) }
  const durations: number[] = []
  for (let at = 0; at < load.connections; at++) askOnAndOn(load, (durationMs) => durations.push(durationMs))
  setTimeout(() => {
    const at = (percent: number) => (durations.length === 0 ? 0 : percentile(durations, percent))
    console.log(JSON.stringify({ requests: durations.length, p50Ms: at(50), p99Ms: at(99) }))
    process.exit()
  }, load.seconds * 1000)
}
