// Round trips of 64-byte websocket frames through a proxy: `node websocket-load.ts PORT HOST CONNECTIONS SECONDS`.
import { connect } from 'node:net'
import { runProgram } from '../../tooling/step.ts'
import { percentile } from '../figures/statistics.ts'
import { onCore } from '../proxies/proxy.ts'
import type { Load, LoadResult } from './http-load.ts'

export async function loadWebsockets(load: Load, signal: AbortSignal): Promise<LoadResult> {
  const { port, host, connections, seconds } = load
  const parameters = [process.execPath, import.meta.filename, port, host, connections, seconds].map(String)
  const [program = '', ...rest] = onCore('others', parameters)
  const { status, output } = await runProgram(program, rest, signal)
  if (status !== 0) throw new Error(output)
  return JSON.parse(output) as LoadResult
}

// A masked text frame of 64 bytes; the origin sends back what it gets.
const frame = Buffer.concat([Buffer.from([0x81, 0x80 | 58, 1, 2, 3, 4]), Buffer.alloc(58, 'x')])

function sendOnAndOn(port: number, host: string, onAnswer: (durationMs: number) => void): void {
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13'
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let received = -1
  let sentAt = 0
  const send = () => {
    received = 0
    sentAt = performance.now()
    socket.write(frame)
  }
  socket.on('data', (chunk) => {
    if (received < 0) return send() // The head of the 101.
    received += chunk.length
    if (received < frame.length) return
    onAnswer(performance.now() - sentAt)
    send()
  })
  socket.write(
    `GET /echo HTTP/1.1\r\nHost: ${host}\r\n${upgrade}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  )
}

if (import.meta.main) {
  const [port = 0, , connections = 0, seconds = 0] = process.argv.slice(2).map(Number)
  const durations: number[] = []
  for (let at = 0; at < connections; at++) {
    sendOnAndOn(port, process.argv[3] ?? '', (durationMs) => durations.push(durationMs))
  }
  setTimeout(() => {
    const [p50Ms, p99Ms] = [percentile(durations, 50), percentile(durations, 99)]
    console.log(JSON.stringify({ requests: durations.length, p50Ms, p99Ms }))
    process.exit()
  }, seconds * 1000)
}
