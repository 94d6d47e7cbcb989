import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2'
import { z } from 'zod'
import { renderTerminalKind, terminalHeader } from '../../agent/contract/dynos/terminal.ts'
import { type PathParameters, type ResponseOf, renderPath } from '../../agent/contract/endpoint.ts'
import { type EndpointName, type Endpoints, endpoints } from '../../agent/contract/endpoints.ts'
import { HearthError } from '../../agent/contract/errors.ts'
import { type Event, event } from '../../agent/contract/event.ts'
import type { SourceBlobsReceived } from '../../agent/contract/sources/source.ts'
import type { Agent, AttachedTerminal, CallBody, CallName, WantedTerminal } from '../core/ports/agent.ts'
import { Answer, lost } from './answer.ts'
import type { Heartbeat } from './heartbeat.ts'
import { splitLines } from './lines.ts'
import { attachTerminal, kindOf } from './terminal.ts'
import { sendBody } from './upload.ts'

interface Http2AgentParts {
  readonly closed: Promise<Error | null>
  readonly token: () => Promise<string>
  readonly heartbeat: Heartbeat
}

/** The contract's endpoints over one HTTP/2 session. */
export class Http2Agent implements Agent {
  readonly closed: Promise<Error | null>
  readonly #session: ClientHttp2Session
  readonly #token: () => Promise<string>
  readonly #heartbeat: Heartbeat

  constructor(session: ClientHttp2Session, { closed, token, heartbeat }: Http2AgentParts) {
    this.#session = session
    this.closed = closed
    this.#token = token
    this.#heartbeat = heartbeat
  }

  async call<Name extends CallName>(
    name: Name,
    parameters: PathParameters<Endpoints[Name]['path']>,
    ...[body]: CallBody<Name>
  ): Promise<ResponseOf<Endpoints[Name]>> {
    const { stream, answer } = await this.#open(name, parameters, { authorized: true })
    stream.end(body === undefined ? undefined : JSON.stringify(body))
    const nextRange = await answer.expectSuccess()
    const { response } = endpoints[name]
    if (typeof response === 'string') {
      answer.dismiss()
      return undefined as ResponseOf<Endpoints[Name]>
    }
    const first = await answer.readJson()
    const whole = nextRange === null ? first : await this.#readRest(name, parameters, first, nextRange)
    return checkAnswer(name, response as z.ZodType<ResponseOf<Endpoints[Name]>>, whole)
  }

  /** A long list comes in pages, each saying what asks for the next. */
  async #readRest(
    name: CallName,
    parameters: Record<string, string>,
    first: unknown,
    nextRange: string,
  ): Promise<unknown[]> {
    const items = [first].flat()
    for (let range: string | null = nextRange; range !== null; ) {
      const { answer } = await this.#open(name, parameters, { authorized: true, headers: { range } })
      range = await answer.expectSuccess()
      items.push(...[await answer.readJson()].flat())
    }
    return items
  }

  async *readStream(url: string, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    const { answer } = await this.#open('readStream', { secret: secretOf(url) }, {})
    yield* answer.read(signal)
  }

  async *followEvents(signal: AbortSignal): AsyncIterable<Event> {
    const { answer } = await this.#open('followEvents', {}, { authorized: true })
    for await (const line of splitLines(answer.read(signal))) {
      // An empty line is a heartbeat. A topic that this version does not know is news for a later one.
      const parsed = line === '' ? undefined : event.safeParse(JSON.parse(line))
      if (parsed?.success) yield parsed.data
    }
  }

  async attach(url: string, wanted: WantedTerminal): Promise<AttachedTerminal> {
    const headers = { [terminalHeader]: renderTerminalKind(kindOf(wanted)) }
    const { stream, answer } = await this.#open('attachDyno', { secret: secretOf(url) }, { headers })
    return attachTerminal(stream, answer, wanted)
  }

  async putSourceBlobs(
    parameters: { app: string; manifest: string },
    blobs: AsyncIterable<Uint8Array>,
    options: { signal: AbortSignal; onSent: (sentBytes: number) => void },
  ): Promise<SourceBlobsReceived> {
    const { stream, answer } = await this.#open('putSourceBlobs', parameters, { authorized: true })
    const answered = answer.expectSuccess()
    // The agent may answer (refuse) before everything is sent; then the answer counts and the rest stays here.
    answered.catch(() => {})
    await sendBody(stream, blobs, { ...options, stopWhen: answered })
    await answered
    return checkAnswer('putSourceBlobs', endpoints.putSourceBlobs.response, await answer.readJson())
  }

  ping(): Promise<number> {
    return new Promise((resolve, reject) => {
      const wasSent =
        !this.#session.destroyed && this.#session.ping((error, ms) => (error ? reject(lost(error)) : resolve(ms)))
      if (!wasSent) reject(lost())
    })
  }

  async close(): Promise<void> {
    this.#heartbeat.stop()
    this.#session.destroy()
    await this.closed
  }

  async #open(
    name: EndpointName,
    parameters: Record<string, string>,
    { authorized = false, headers: more = {} }: { authorized?: boolean; headers?: Record<string, string> },
  ): Promise<{ stream: ClientHttp2Stream; answer: Answer }> {
    const { method, path, request, status } = endpoints[name]
    const headers: OutgoingHttpHeaders = { ':method': method, ':path': renderPath(path, parameters), ...more }
    if (authorized) headers.authorization = `Bearer ${await this.#token()}`
    if (typeof request !== 'string') headers['content-type'] = 'application/json'
    if (this.#session.destroyed || this.#session.closed) throw lost()
    const stream = this.#session.request(headers, { endStream: request === 'none' })
    return { stream, answer: new Answer(stream, status) }
  }
}

/** What a newer agent tells beyond what we know is left out; anything else that does not fit is refused. */
function checkAnswer<T>(name: string, schema: z.ZodType<T>, answer: unknown): T {
  const checked = schema.safeParse(answer)
  if (checked.success) return checked.data
  const known = schema.safeParse(withoutUnknown(answer, checked.error.issues))
  if (known.success) return known.data
  throw new HearthError(
    'internal',
    `The server's answer to ${name} is not what this desktop understands. Update both.`,
    {
      detail: z.prettifyError(checked.error),
    },
  )
}

function withoutUnknown(answer: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const kept = structuredClone(answer)
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue
    const place = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], kept)
    for (const key of issue.keys) delete (place as Record<string, unknown>)[key]
  }
  return kept
}

/** URLs are paths (`/streams/<secret>`), or have a host in front; the secret is the last segment. */
function secretOf(url: string): string {
  return decodeURIComponent(url.slice(url.lastIndexOf('/') + 1))
}
