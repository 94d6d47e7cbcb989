import type { ServerHttp2Stream } from 'node:http2'
import type { AttachedDyno } from '../operations/platform.ts'
import { drained } from './exchange.ts'

/**
 * Joins a one-off dyno's terminal and an HTTP/2 stream. The trailer tells how it ended, as a shell would: the exit
 * status, or 128 + the signal's number. Whoever closes the stream or loses the connection ends the dyno.
 */
export async function attachTerminal(stream: ServerHttp2Stream, dyno: AttachedDyno): Promise<void> {
  stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' }, { waitForTrailers: true })
  let exitCode = 1
  stream.on('wantTrailers', () => stream.sendTrailers({ 'hearth-exit-code': String(exitCode) }))
  stream.on('close', () => void dyno.detach())
  void forwardInput(stream, dyno)
  const reader = dyno.terminal.output.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    if (stream.destroyed) return
    if (!stream.write(read.value)) await drained(stream)
  }
  const exit = await dyno.exit
  exitCode = exit.status ?? 128 + signalNumber(exit.signal)
  stream.end()
}

async function forwardInput(stream: ServerHttp2Stream, dyno: AttachedDyno): Promise<void> {
  const writer = dyno.terminal.input.getWriter()
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) await writer.write(chunk)
    await writer.close()
  } catch {
    // The dyno ended before its input did, or the client went away: the other direction tells how.
  }
}

function signalNumber(signal: string | null): number {
  const numbers: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }
  return numbers[signal ?? ''] ?? 0
}
