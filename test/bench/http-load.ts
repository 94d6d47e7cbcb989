// Keep-alive HTTP load on a port of this machine, from a process of its own: wrk where there is one, else sockets of our own.
// `node http-load.ts PORT HOST PATH CONNECTIONS SECONDS` is the latter; it prints what wrk's figures are read into.
import { connect } from 'node:net'
import { runProgram } from '../tooling/step.ts'
import { hasProgram, onCore } from './proxies/proxy.ts'
import { percentile } from './statistics.ts'

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

async function runWrk({ port, host, path, connections, seconds }: Load, signal: AbortSignal): Promise<LoadResult> {
  const options = ['-t1', '-c', String(connections), '-d', `${seconds}s`, '--latency', '-H', `Host: ${host}`]
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

/**
 * So many requests a second, whatever the answers take: how long each took, in ms. Null where there is no h2load (Debian's
 * nghttp2-client).
 */
export async function paceHttp(
  { port, host, path, connections, seconds }: Load,
  { perSecond, logPath }: { perSecond: number; logPath: string },
  signal: AbortSignal,
): Promise<number[] | null> {
  if (!hasProgram('h2load')) return null
  const pace = ['--rps', String(Math.max(1, Math.round(perSecond / connections))), '-D', String(seconds)]
  const place = ['--connect-to', `127.0.0.1:${port}`, `http://${host}${path}`]
  await run(['h2load', '--h1', '-c', String(connections), ...pace, '--log-file', logPath, ...place], signal)
  const { readFile, rm } = await import('node:fs/promises')
  const lines = (await readFile(logPath, 'utf8')).trimEnd().split('\n')
  await rm(logPath)
  // Start in microseconds, status, duration in microseconds.
  return lines.map((line) => Number(line.split('\t')[2]) / 1000)
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
