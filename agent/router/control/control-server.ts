import { chmod } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AppTraffic } from '../../core/metrics/traffic.ts'
import type { RouterStatus, RoutingChange, RoutingTable } from '../../core/ports/routing/router-control.ts'
import { parseRoutingChange, parseRoutingTable } from '../../core/routing/routing-table.ts'
import { removeDeadSocket } from '../listen.ts'
import type { LogBuffer } from '../log/log-buffer.ts'

export interface Controlled {
  readonly logs: LogBuffer
  apply(table: RoutingTable): Promise<void>
  /** False when the table in use is not the one that the change is about. */
  change(change: RoutingChange): Promise<boolean>
  drained(dynoIds: readonly string[], deadlineMs: number): Promise<boolean>
  status(): Promise<RouterStatus>
  wanted(signal: AbortSignal): Promise<readonly string[]>
  /** What was counted since the last time it was taken. */
  takeTraffic(): Promise<AppTraffic[]>
  readonly revision: number
}

const maxTableBytes = 64 * 1024 * 1024

/** The router's side of the control socket: PUT /routes, PATCH /routes, GET /drained, GET /status, GET /wanted, POST /traffic, GET /log. */
export async function openControlServer(path: string, router: Controlled): Promise<Server> {
  const server = createServer((request, response) => {
    // Nobody reads it, and the first one loads the world's time zones: 1 MB.
    response.sendDate = false
    answer(router, request, response).catch((error: Error) => {
      if (response.headersSent) response.destroy()
      else sendJson(response, 400, { message: error.message })
    })
  })
  await removeDeadSocket(path)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  await chmod(path, 0o600)
  return server
}

async function answer(router: Controlled, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://router')
  switch (`${request.method} ${url.pathname}`) {
    case 'PUT /routes':
      await router.apply(parseRoutingTable(JSON.parse(await readText(request))))
      return sendJson(response, 200, { revision: router.revision })
    case 'PATCH /routes': {
      const isApplied = await router.change(parseRoutingChange(JSON.parse(await readText(request))))
      return sendJson(response, isApplied ? 200 : 409, { revision: router.revision })
    }
    case 'GET /drained': {
      const deadlineMs = Number(url.searchParams.get('deadline_ms') ?? 0)
      return sendJson(response, 200, { drained: await router.drained(url.searchParams.getAll('dyno'), deadlineMs) })
    }
    case 'GET /status':
      return sendJson(response, 200, await router.status())
    case 'POST /traffic':
      return sendJson(response, 200, { apps: await router.takeTraffic() })
    case 'GET /wanted': {
      const gone = new AbortController()
      response.on('close', () => gone.abort())
      return sendJson(response, 200, { apps: await router.wanted(gone.signal) })
    }
    case 'GET /log':
      return streamLog(router.logs, response)
    default:
      return sendJson(response, 404, { message: `The router has no ${request.method} ${url.pathname}.` })
  }
}

function streamLog(logs: LogBuffer, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
  response.flushHeaders()
  const read = (text: string | Buffer) => response.write(text, 'latin1')
  logs.setReader(read)
  response.on('drain', () => logs.onReaderDrain(read))
  response.on('close', () => logs.removeReader(read))
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxTableBytes) throw new Error(`The routing table is larger than ${maxTableBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
}
