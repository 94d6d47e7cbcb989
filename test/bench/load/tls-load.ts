// HTTPS load: `node tls-load.ts PORT HOST PATH CONNECTIONS SECONDS kept|fresh`. Kept connections ask again and again; fresh ones are
// opened for each request, with a whole handshake, since nobody who comes for the first time has a session to resume.
import { connect } from 'node:tls'
import { runProgram } from '../../tooling/step.ts'
import { percentile } from '../figures/statistics.ts'
import { onCore } from '../proxies/proxy.ts'
import { type Load, type LoadResult, sizeOf } from './http-load.ts'

export const loadTls = (load: Load, signal: AbortSignal) => run(load, 'kept', signal)
export const loadHandshakes = (load: Load, signal: AbortSignal) => run(load, 'fresh', signal)

async function run(load: Load, kind: 'kept' | 'fresh', signal: AbortSignal): Promise<LoadResult> {
  const { port, host, path, connections, seconds } = load
  const parameters = [import.meta.filename, port, host, path, connections, seconds, kind].map(String)
  const [program = '', ...rest] = onCore('others', [process.execPath, ...parameters])
  const { status, output } = await runProgram(program, rest, signal)
  if (status !== 0) throw new Error(output)
  return JSON.parse(output) as LoadResult
}

interface Asking {
  readonly port: number
  readonly host: string
  readonly path: string
  readonly isKept: boolean
  onAnswer(durationMs: number): void
}

function askOnAndOn(asking: Asking): void {
  const { port, host, path, isKept, onAnswer } = asking
  const head = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${isKept ? '' : 'Connection: close\r\n'}\r\n`
  let askedAt = performance.now()
  let remaining = 0
  // Signed by nobody; that the router shows it at all is what counts here.
  const socket = connect({ port, host: '127.0.0.1', servername: host, rejectUnauthorized: false }, () => ask())
  const ask = () => {
    if (isKept) askedAt = performance.now()
    socket.write(head)
  }
  socket.setNoDelay(true)
  socket.on('data', (chunk: Buffer) => {
    if (remaining === 0) remaining = sizeOf(chunk)
    remaining -= chunk.length
    if (remaining > 0) return
    onAnswer(performance.now() - askedAt)
    if (isKept) return ask()
    socket.destroy()
    askOnAndOn(asking)
  })
}

if (import.meta.main) {
  const [port, host = '', path = '', connections, seconds, kind] = process.argv.slice(2)
  const durations: number[] = []
  const onAnswer = (durationMs: number) => durations.push(durationMs)
  for (let at = 0; at < Number(connections); at++)
    askOnAndOn({ port: Number(port), host, path, isKept: kind === 'kept', onAnswer })
  setTimeout(() => {
    const at = (percent: number) => (durations.length === 0 ? 0 : percentile(durations, percent))
    console.log(JSON.stringify({ requests: durations.length, p50Ms: at(50), p99Ms: at(99) }))
    process.exit()
  }, Number(seconds) * 1000)
}
