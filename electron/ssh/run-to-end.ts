import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HearthError } from '../../agent/contract/errors.ts'
import type { ExecOptions, ExecResult, RemoteProcess } from '../core/ports/transport.ts'

const maximumBytes = 4 << 20

/** Feeds a process its input, reads both outputs (a channel whose output nobody reads never closes) and waits. */
export async function runToEnd(start: () => Promise<RemoteProcess>, options: ExecOptions): Promise<ExecResult> {
  options.signal?.throwIfAborted()
  const { stream, stderr, exit } = await start()
  const stdout = collect(stream, options.onOutput)
  const errors = collect(stderr, options.onOutput)
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  aborted.catch(() => {})
  // sshd takes its streams away from the command; whether that ends it is the command's business, so nobody waits.
  const stop = () => {
    stream.destroy()
    reject(new HearthError('gone', 'The command on the server was cancelled.'))
  }
  options.signal?.addEventListener('abort', stop)
  try {
    const [status] = await Promise.race([aborted, Promise.all([exit, feed(stream, options.input)])])
    return { status, stdout: stdout(), stderr: errors() }
  } finally {
    options.signal?.removeEventListener('abort', stop)
  }
}

async function feed(stream: NodeJS.WritableStream, input: ExecOptions['input']): Promise<void> {
  stream.on('error', () => {})
  if (!(input instanceof Readable)) {
    stream.end(input ?? '')
    return
  }
  await pipeline(input, stream).catch((error: unknown) => {
    // A command that ends before its input is told by its status; input that failed is our own failure.
    const { code } = (input.errored ?? {}) as NodeJS.ErrnoException
    if (input.errored && code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  })
}

function collect(stream: NodeJS.ReadableStream, onOutput: ExecOptions['onOutput']): () => string {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => {
    if (onOutput) onOutput(chunk)
    else if (size < maximumBytes) chunks.push(chunk)
    size += chunk.length
  })
  return () => Buffer.concat(chunks).toString('utf8')
}
