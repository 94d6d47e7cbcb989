import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { createGunzip } from 'node:zlib'
import { HearthError } from '../contract/errors.ts'
import { type GitMode, type GitService, gitHeaders, gitModes, isGitProtocol } from '../contract/sources/git.ts'
import type { Caller } from '../core/ports/access/actor.ts'
import type { GitSession } from '../core/ports/git-repositories.ts'
import type { Platform } from '../operations/platform.ts'
import { closing, drained, type Headers } from './exchange.ts'

export interface GitExchange {
  readonly stream: ServerHttp2Stream
  readonly headers: IncomingHttpHeaders
  readonly platform: Platform
  readonly actor: Caller
  readonly app: string
  readonly service: GitService
  readonly extra: Headers
}

/** Joins a client's git and ours. The trailers tell how ours ended; whoever closes the stream leaves the conversation. */
export async function answerGit(exchange: GitExchange): Promise<void> {
  const { stream, headers, platform, actor, app, service, extra } = exchange
  const mode = readMode(headers[gitHeaders.mode])
  const protocol = readProtocol(headers[gitHeaders.protocol])
  const notify = (text: string) => {
    if (!stream.destroyed) stream.additionalHeaders({ ':status': 102, [gitHeaders.notice]: encodeURIComponent(text) })
  }
  const session = await platform.serveGit({ actor, app, service, mode, protocol, signal: closing(stream), notify })
  if (stream.destroyed) return session.abandon()
  stream.once('close', () => session.abandon())
  let trailers: Headers = {}
  stream.on('wantTrailers', () => stream.sendTrailers(trailers))
  const answer = { ':status': 200, 'content-type': renderType(service, mode), 'cache-control': 'no-cache', ...extra }
  stream.respond(answer, { waitForTrailers: true })
  if (mode === 'advertise') session.input.end()
  else feed(stream, headers['content-encoding'], session)
  if (mode === 'advertise' && !(service === 'git-upload-pack' && protocol === 'version=2'))
    stream.write(renderAnnouncement(service))
  await pass(session, stream)
  if (stream.destroyed) return
  const { status, message } = await session.end
  trailers = { [gitHeaders.exitCode]: String(status), [gitHeaders.message]: encodeURIComponent(message) }
  stream.end()
}

/** To the end of either. */
async function pass({ output }: GitSession, stream: ServerHttp2Stream): Promise<void> {
  try {
    for await (const chunk of output as AsyncIterable<Buffer>) {
      if (stream.destroyed) return
      if (!stream.write(chunk)) await drained(stream)
    }
  } catch (error) {
    // Whoever leaves takes the reading end away; what was stopped is explained by its end.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

/** git stops reading when it has failed: what still comes is let go, so that its answer arrives. */
function feed(stream: ServerHttp2Stream, encoding: string | undefined, { input }: GitSession): void {
  const body = encoding === 'gzip' ? stream.pipe(createGunzip()) : stream
  // A damaged body ends early, which git takes as what it is.
  body.on('error', () => input.end())
  body.pipe(input)
  input.once('close', () => {
    body.unpipe(input)
    stream.unpipe()
    stream.resume()
  })
}

function readMode(value: string | string[] | undefined): GitMode {
  const mode = gitModes.find((known) => known === (value ?? 'session'))
  if (!mode) throw new HearthError('bad_request', `The header ${gitHeaders.mode} is one of ${gitModes.join(', ')}.`)
  return mode
}

/** What is not known is left out, as git does with versions that it does not know. */
function readProtocol(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && isGitProtocol(value) ? value : null
}

function renderType(service: GitService, mode: GitMode): string {
  if (mode === 'session') return 'application/octet-stream'
  return `application/x-${service}-${mode === 'advertise' ? 'advertisement' : 'result'}`
}

/** The first lines of HTTP's first half. https://git-scm.com/docs/http-protocol#_smart_clients */
function renderAnnouncement(service: GitService): string {
  const line = `# service=${service}\n`
  return `${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`
}
