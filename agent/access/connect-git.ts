import http2, { type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { finished } from 'node:stream/promises'
import { HearthError } from '../contract/errors.ts'
import { type GitService, gitHeaders, isGitProtocol } from '../contract/sources/git.ts'
import { reachAgent } from './reach-agent.ts'

export interface GitConnection {
  readonly socketPath: string
  readonly token: string
  readonly service: GitService
  readonly app: string
  /** What the client has in GIT_PROTOCOL; may be anything. */
  readonly protocol: string
  readonly input: Readable
  readonly output: Writable
  /** For the user's eyes, on standard error. */
  readonly say: (text: string) => void
}

/** Joins a client's git, at the other end of SSH, and the agent's; returns the exit status that the client gets. */
export async function connectGit(connection: GitConnection): Promise<number> {
  const { socketPath, output, say } = connection
  const socket = await reachAgent(socketPath, false)
  const session = http2.connect('http://agent', { createConnection: () => socket })
  // Its streams end with it, and tell.
  session.on('error', () => {})
  try {
    const stream = openStream(session, connection)
    const headers = await readHeaders(stream)
    if (Number(headers[':status']) !== 200) {
      output.write(renderError(await readRefusal(stream)))
      return 1
    }
    const end = await pass(stream, connection)
    if (end.message) say(end.message)
    return end.status
  } finally {
    connection.input.destroy()
    session.destroy()
  }
}

function openStream(session: http2.ClientHttp2Session, connection: GitConnection): ClientHttp2Stream {
  const { service, app, token, protocol, say } = connection
  const stream = session.request({
    ':method': 'POST',
    ':path': `/apps/${app}/git/${service}`,
    authorization: `Bearer ${token}`,
    [gitHeaders.mode]: 'session',
    ...(isGitProtocol(protocol) ? { [gitHeaders.protocol]: protocol } : {}),
  })
  stream.on('error', () => {})
  stream.on('headers', (headers: IncomingHttpHeaders) => {
    const notice = headers[gitHeaders.notice]
    if (typeof notice === 'string') say(decodeURIComponent(notice))
  })
  return stream
}

function readHeaders(stream: ClientHttp2Stream): Promise<IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    stream.once('response', resolve)
    stream.once('close', () => reject(endedEarly()))
  })
}

/** Whoever of the two ends first, the other is told; a client that is gone takes the stream with it. */
async function pass(stream: ClientHttp2Stream, { input, output }: GitConnection) {
  let trailers: IncomingHttpHeaders = {}
  stream.on('trailers', (received: IncomingHttpHeaders) => (trailers = received))
  input.on('error', () => {})
  input.pipe(stream)
  output.on('error', () => stream.destroy())
  output.on('close', () => stream.destroy())
  stream.pipe(output, { end: false })
  // Read to its end, not only closed: the last lines may still be on their way to a slow terminal.
  await finished(stream, { writable: false }).catch(() => {})
  const status = trailers[gitHeaders.exitCode]
  if (typeof status !== 'string') throw endedEarly()
  const message = trailers[gitHeaders.message]
  return { status: Number(status), message: typeof message === 'string' ? decodeURIComponent(message) : '' }
}

async function readRefusal(stream: ClientHttp2Stream): Promise<string> {
  try {
    return String((JSON.parse(await text(stream)) as { message?: unknown }).message)
  } catch {
    return 'The agent of this server refused, and did not say why.'
  }
}

/**
 * A line of git's protocol that its client shows as the reason for its failure, instead of a guess about access rights.
 * https://git-scm.com/docs/pack-protocol#_pkt_line_format
 */
export function renderError(message: string): string {
  const line = `ERR ${message.replace(/\s+/g, ' ')}\n`
  return `${(Buffer.byteLength(line) + 4).toString(16).padStart(4, '0')}${line}`
}

function endedEarly(): HearthError {
  return new HearthError('unavailable', 'The agent of this server ended the connection. Try again in a moment.')
}
