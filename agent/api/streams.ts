import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { parseTerminalKind, terminalHeader } from '../contract/dynos/terminal.ts'
import type { EndpointName } from '../contract/endpoints.ts'
import type { Event } from '../contract/event.ts'
import type { Caller } from '../core/ports/access/actor.ts'
import type { Platform, ReadableContent } from '../operations/platform.ts'
import type { ReadingAgain } from '../operations/runtime/logs/log-sessions.ts'
import { closing, type Headers, sendBytes, sendJson, sendNothing } from './exchange.ts'
import { answerGit } from './git.ts'
import { completeEvents } from './server-sent-events.ts'
import { attachTerminal } from './terminal.ts'

const streamNames = [
  'followEvents',
  'readStream',
  'attachDyno',
  'putSource',
  'putSourceBlobs',
  'receivePack',
  'uploadPack',
] as const
export type StreamName = (typeof streamNames)[number]

export function isStreamName(name: EndpointName): name is StreamName {
  return (streamNames as readonly string[]).includes(name)
}

interface StreamRequest {
  readonly stream: ServerHttp2Stream
  readonly headers: IncomingHttpHeaders
  readonly parameters: Readonly<Record<string, string>>
  /** Null where the path holds the permission. */
  readonly caller: Caller | null
  readonly platform: Platform
  readonly extra: Headers
}

/** The endpoints whose bodies are bytes. */
export async function answerStream(name: StreamName, request: StreamRequest): Promise<void> {
  const { stream, headers, parameters, caller, platform, extra } = request
  const { secret = '', app = '', manifest = '' } = parameters
  const terminal = headers[terminalHeader]?.toString()
  switch (name) {
    case 'followEvents':
      await sendBytes(stream, 'application/x-ndjson', followEvents(platform, required(caller), closing(stream)))
      return
    case 'readStream':
      await sendContent(stream, await platform.readStream(secret, readingOf(headers), closing(stream)))
      return
    case 'attachDyno':
      await attachTerminal(stream, await platform.attachDyno(secret, parseTerminalKind(terminal)))
      return
    case 'putSource':
      await platform.putSource(secret, stream)
      sendNothing(stream, 200, extra)
      return
    case 'putSourceBlobs':
      sendJson(stream, 200, await platform.putSourceBlobs(app, manifest, stream), extra)
      return
    case 'receivePack':
      await answerGit({ ...request, actor: required(caller), app, service: 'git-receive-pack' })
      return
    case 'uploadPack':
      await answerGit({ ...request, actor: required(caller), app, service: 'git-upload-pack' })
  }
}

function sendContent(stream: ServerHttp2Stream, { kind, bytes }: ReadableContent): Promise<void> {
  switch (kind) {
    case 'text':
      return sendBytes(stream, 'text/plain; charset=utf-8', bytes)
    case 'events':
      return sendBytes(stream, 'text/event-stream', completeEvents(bytes, eventHeartbeatMs))
    case 'slug archive':
      return sendBytes(stream, 'application/zstd', bytes)
  }
}

/** By what a reader accepts, and the last event that it has: https://html.spec.whatwg.org/multipage/server-sent-events.html */
function readingOf({ accept, 'last-event-id': after }: IncomingHttpHeaders): ReadingAgain {
  return {
    format: accept?.includes('text/event-stream') ? 'events' : 'text',
    after: after?.toString(),
  }
}

function required(caller: Caller | null): Caller {
  if (caller === null) throw new TypeError('What is not sealed is asked for by somebody.')
  return caller
}

const heartbeatMs = 10_000
/** Clients and what stands between give up a silent stream after a minute or more. */
const eventHeartbeatMs = 20_000
/** A reader that is this far behind gets no more events; it asks anew when it reconnects. */
const maximumWaiting = 10_000

/** Every event as a line of JSON; an empty line when there was none for a while. */
async function* followEvents(platform: Platform, caller: Caller, signal: AbortSignal): AsyncGenerator<string> {
  const waiting: Event[] = []
  let wake = () => {}
  const unsubscribe = platform.subscribe(caller, (event) => {
    waiting.push(event)
    wake()
  })
  const timer = setInterval(() => wake(), heartbeatMs)
  signal.addEventListener('abort', () => wake())
  try {
    yield `${JSON.stringify(hello())}\n`
    while (!signal.aborted && waiting.length < maximumWaiting) {
      await new Promise<void>((resolve) => {
        wake = resolve
        if (waiting.length > 0 || signal.aborted) resolve()
      })
      yield waiting.length === 0
        ? '\n'
        : waiting
            .splice(0)
            .map((event) => `${JSON.stringify(event)}\n`)
            .join('')
    }
  } finally {
    clearInterval(timer)
    unsubscribe()
  }
}

/** Tells the reader at once that it is connected and should fetch what it shows. */
function hello(): Event {
  return { sequence: 0, at: new Date().toISOString(), topic: 'server', app: null, step: null }
}
