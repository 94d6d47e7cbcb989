import type { ServerHttp2Stream } from 'node:http2'
import { exitCodeTrailer } from '../contract/dynos/terminal.ts'
import { type FrameStream, renderFrame } from '../contract/dynos/terminal-frames.ts'
import type { AttachedDyno } from '../operations/platform.ts'
import { drained } from './exchange.ts'

/**
 * Joins a one-off dyno's terminal and an HTTP/2 stream. The trailer tells how it ended. Whoever closes the stream or loses
 * the connection ends the dyno.
 */
export async function attachTerminal(stream: ServerHttp2Stream, dyno: AttachedDyno): Promise<void> {
  // Closed while the dyno was being started: nobody will see what it does.
  if (stream.destroyed) return await dyno.detach()
  const { output, errors } = dyno.terminal
  const contentType = errors ? 'application/vnd.hearth.frames' : 'application/octet-stream'
  stream.respond({ ':status': 200, 'content-type': contentType }, { waitForTrailers: true })
  let exitCode = 1
  stream.on('wantTrailers', () => stream.sendTrailers({ [exitCodeTrailer]: String(exitCode) }))
  stream.on('close', () => void dyno.detach())
  void forwardInput(stream, dyno)
  if (errors) await Promise.all([forwardFrames(stream, output, 1), forwardFrames(stream, errors, 2)])
  else await forward(stream, output, (bytes) => bytes)
  exitCode = await dyno.exitCode
  stream.end()
}

function forwardFrames(stream: ServerHttp2Stream, source: ReadableStream<Uint8Array>, number: FrameStream) {
  return forward(stream, source, (bytes) => renderFrame({ stream: number, bytes }))
}

/** As fast as the client reads; what is on its way is bounded by the two streams. */
async function forward(
  stream: ServerHttp2Stream,
  source: ReadableStream<Uint8Array>,
  render: (bytes: Uint8Array) => Uint8Array,
): Promise<void> {
  for await (const bytes of source) {
    if (stream.destroyed) return
    if (!stream.write(render(bytes))) await drained(stream)
  }
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
