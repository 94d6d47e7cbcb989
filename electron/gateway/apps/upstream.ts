import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { dressAsSocket } from './dress-socket.ts'

export interface UpstreamTarget {
  readonly serverId: string
  /** The Host that the app's router is told. */
  readonly host: string
}

/** Of one connection only (RFC 9110, 7.6.1); Node writes its own for the next one. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Written by us: the app's name, and nothing to expect, since Node answers `Expect: 100-continue` itself. */
const ownHeaders = new Set(['host', 'expect'])

/** Requests on their way to the servers' routers, over connections that are kept per server. */
export class Upstream {
  readonly #agent: http.Agent
  /** Both ends of each websocket. */
  readonly #joined = new Set<Duplex>()

  constructor(openRouter: (serverId: string) => Promise<Duplex>) {
    this.#agent = new http.Agent({ keepAlive: true, maxFreeSockets: 8, timeout: 30_000 })
    // The pool is keyed by host, which here is the server's id: a kept connection never changes servers.
    this.#agent.createConnection = ({ host }, done) => {
      openRouter(host ?? '').then(
        (stream) => done?.(null, dressAsSocket(stream)),
        (error) => done?.(error, undefined as unknown as Duplex),
      )
      return undefined
    }
  }

  /** Passes one request and its answer on, streaming both ways. Rejects only while nothing was answered. */
  async forward(request: IncomingMessage, response: ServerResponse, target: UpstreamTarget): Promise<void> {
    const hasBody =
      request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
    // A body of unknown length goes on as one; Node would take it for no body with some methods.
    const framing = request.headers['transfer-encoding'] === undefined ? [] : ['Transfer-Encoding', 'chunked']
    const outgoing = this.#open(request, target, [...endToEnd(request), ...framing])
    // Whoever asked is gone: so is the question.
    response.once('close', () => outgoing.destroy())
    if (hasBody) pipeline(request, outgoing).catch(() => outgoing.destroy())
    else outgoing.end()
    let incoming: IncomingMessage
    try {
      incoming = await answerOf(outgoing)
    } catch (error) {
      // A kept connection may have been closed just as it was used. Nothing was answered, and without a body the
      // same can be asked again.
      if (!outgoing.reusedSocket || hasBody || response.destroyed) throw error
      return this.forward(request, response, target)
    }
    response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, endToEnd(incoming))
    await pipeline(incoming, response).catch(() => response.destroy())
  }

  /** Joins the two connections once the app has agreed; what it answers instead is passed on. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, target: UpstreamTarget): Promise<void> {
    const headers = [...endToEnd(request), 'Connection', 'Upgrade', 'Upgrade', request.headers.upgrade ?? '']
    const outgoing = this.#open(request, target, headers)
    socket.once('close', () => outgoing.destroy())
    outgoing.end()
    const agreed = new Promise<[IncomingMessage, Duplex, Buffer]>((resolve) =>
      outgoing.once('upgrade', (answer, stream, first) => resolve([answer, stream, first])),
    )
    const refused = answerOf(outgoing).then((answer) => [answer] as const)
    const [answer, stream, first] = await Promise.race([agreed, refused])
    refused.catch(() => {})
    if (!stream || !first) {
      socket.write(renderHead(answer, [...endToEnd(answer), 'Connection', 'close']))
      await pipeline(answer, socket).catch(() => socket.destroy())
      return
    }
    socket.write(renderHead(answer, answer.rawHeaders))
    socket.write(first)
    stream.write(head)
    await this.#join(socket, stream)
  }

  close(): void {
    this.#agent.destroy()
    for (const stream of this.#joined) stream.destroy()
  }

  #open(request: IncomingMessage, { serverId, host }: UpstreamTarget, headers: string[]): ClientRequest {
    const outgoing = http.request({
      agent: this.#agent,
      host: serverId,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: ['Host', host, ...headers],
      setHost: false,
    })
    // Failures show in the answer that is awaited; one that comes after it ends the answer itself.
    outgoing.on('error', () => {})
    return outgoing
  }

  async #join(a: Duplex, b: Duplex): Promise<void> {
    for (const stream of [a, b]) this.#joined.add(stream)
    await Promise.allSettled([pipeline(a, b), pipeline(b, a)])
    for (const stream of [a, b]) {
      stream.destroy()
      this.#joined.delete(stream)
    }
  }
}

function answerOf(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
    outgoing.once('close', () => reject(new Error('The connection closed before an answer.')))
  })
}

/** Raw headers as they came, spelling and repetition included, without what is of one connection only. */
function endToEnd({ rawHeaders, headers }: IncomingMessage): string[] {
  const nominated = (headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  const kept: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    const key = name.toLowerCase()
    if (!ownHeaders.has(key) && !hopByHop.has(key) && !nominated.includes(key)) kept.push(name, value)
  }
  return kept
}

function renderHead({ statusCode, statusMessage }: IncomingMessage, headers: readonly string[]): string {
  const lines: string[] = []
  for (let index = 0; index + 1 < headers.length; index += 2) lines.push(`${headers[index]}: ${headers[index + 1]}\r\n`)
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('')}\r\n`
}
