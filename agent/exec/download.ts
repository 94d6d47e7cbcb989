import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { type CommandExit, type StreamingCommand, startCommand } from './command.ts'
import type { DownloadOptions } from './open-download.ts'

export interface Download {
  /** What the other side answered: 200, 404. */
  readonly status: number
  /** `text/html; charset=utf-8` */
  readonly type: string | null
  /** Ends with an error when the connection breaks before the last byte. Read it, call `end`, or abort the signal. */
  readonly body: AsyncIterable<Uint8Array>
  /** For whoever wants no more of the body. */
  end(): void
}

/** What the child is told on its standard input, so that a password in an address is in no list of processes. */
export interface DownloadOrder extends Omit<DownloadOptions, 'signal'> {
  readonly url: string
}

/** The child's first line; the body follows it. */
export type DownloadHead = Pick<Download, 'status' | 'type'> | { readonly failure: string }

const maximumHeadBytes = 64 * 1024

/**
 * Fetches an http(s) URL in a process of its own: an HTTP client, TLS and certificates are 20 MB that the agent would
 * hold from its first build on. Throws an Error that says why when nobody answers there.
 */
export async function download(url: string, { signal, ...options }: DownloadOptions): Promise<Download> {
  signal.throwIfAborted()
  // The authorities that the machine trusts, besides Node's own.
  const program = [process.execPath, '--use-system-ca', findProgram(), 'download'] as const
  const running = await startCommand(program, { stdio: ['pipe', 'pipe', 'ignore'] })
  const cancel = () => running.kill('SIGKILL')
  signal.addEventListener('abort', cancel, { once: true })
  void running.exit.finally(() => signal.removeEventListener('abort', cancel))
  const { stdin, stdout } = running.child as { stdin: Writable; stdout: Readable }
  // It may end before it has read its order; how it ended says why.
  stdin.on('error', () => {})
  stdin.end(JSON.stringify({ url, ...options } satisfies DownloadOrder))
  const chunks = stdout[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  const { head, rest } = await readHead(chunks)
  signal.throwIfAborted()
  if (head === null) throw new Error(describeEnd(await running.exit))
  if ('failure' in head) throw new Error(head.failure)
  const end = () => {
    if (running.child.exitCode === null) cancel()
    stdout.destroy()
  }
  return { ...head, body: readBody({ running, rest, chunks, end, signal }), end }
}

async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<{ head: DownloadHead | null; rest: Uint8Array }> {
  let read = Buffer.alloc(0)
  while (read.length < maximumHeadBytes) {
    const { value, done } = await chunks.next()
    if (done) break
    read = Buffer.concat([read, value])
    const end = read.indexOf('\n')
    if (end === -1) continue
    return { head: JSON.parse(read.toString('utf8', 0, end)) as DownloadHead, rest: read.subarray(end + 1) }
  }
  return { head: null, rest: read }
}

interface Reading {
  readonly running: StreamingCommand
  /** What came with the head. */
  readonly rest: Uint8Array
  readonly chunks: AsyncIterator<Uint8Array>
  readonly signal: AbortSignal
  readonly end: () => void
}

async function* readBody({ running, rest, chunks, signal, end }: Reading): AsyncGenerator<Uint8Array> {
  try {
    if (rest.length > 0) yield rest
    for (let chunk = await chunks.next(); !chunk.done; chunk = await chunks.next()) yield chunk.value
    const exit = await running.exit
    signal.throwIfAborted()
    if (exit.status !== 0) throw new Error(describeEnd(exit))
  } finally {
    // Also for a reader that has seen enough.
    end()
  }
}

function describeEnd({ status, signal }: CommandExit): string {
  return `the download ended before its last byte (${signal ?? `status ${status}`})`
}

/** The agent's own entry: beside the bundle, or from source. */
function findProgram(): string {
  const bundled = join(import.meta.dirname, 'agent.mjs')
  return existsSync(bundled) ? bundled : join(import.meta.dirname, '..', 'main.ts')
}
