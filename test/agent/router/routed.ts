// A real router with real dynos behind it, for tests.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  RoutedApp,
  RoutedDyno,
  RouterControl,
  RouterLogEntry,
} from '../../../agent/core/ports/routing/router-control.ts'
import type { BufferedBytes } from '../../../agent/router/buffered-bytes.ts'
import { openRouterControl } from '../../../agent/router/control/control-client.ts'
import { limits, type Timeouts } from '../../../agent/router/limits.ts'
import { type OpenRouter, openRouter, type RouterOptions } from '../../../agent/router/router.ts'

export interface Routed {
  readonly port: number
  readonly tlsPort: number
  readonly control: RouterControl
  readonly controlPath: string
  readonly tablePath: string
  readonly log: RouterLogEntry[]
  route(...apps: Partial<RoutedApp>[]): Promise<void>
  /** The nth log line (from 0), once it is there. */
  line(index?: number): Promise<string>
  /** A dyno that is an HTTP server. */
  httpDyno(listener: RequestListener): Promise<RoutedDyno & { server: HttpServer }>
  /** A dyno that does with each connection what the test says. */
  rawDyno(onConnection: (socket: Socket) => void): Promise<RoutedDyno>
  /** What comes back for these bytes, until the router closes the connection or `until` matches. */
  ask(text: string, until?: RegExp): Promise<string>
  /** Restart the router's process, as far as that goes within one process. */
  restart(): Promise<void>
  close(): Promise<void>
}

export const quick: Partial<Timeouts> = { sweepMs: 10, lingerMs: 50, farewellMs: 20, stopMs: 1000 }

export async function openRouted(
  timeouts: Partial<Timeouts> = {},
  more: Pick<RouterOptions, 'maxConnections' | 'proxies'> = {},
): Promise<Routed> {
  const folder = mkdtempSync(join(tmpdir(), 'router-'))
  const controlPath = join(folder, 'router.sock')
  const tablePath = join(folder, 'routes.json')
  const options = { controlPath, tablePath, timeouts: { ...quick, ...timeouts }, ...more }
  let router: OpenRouter = await openRouter({ ...options, listen: [place(0), { ...place(0), tls: true }] })
  const port = (router.addresses()[0] as { port: number }).port
  const tlsPort = (router.addresses()[1] as { port: number }).port
  const control = openRouterControl({ controlPath, firstRetryMs: 5, longestRetryMs: 50 })
  const log: RouterLogEntry[] = []
  control.onLog((entry) => log.push(entry))
  const servers: (Server | HttpServer)[] = []
  const sockets = new Set<Socket>()
  let revision = 0
  let dynos = 0

  const listen = async (server: Server | HttpServer): Promise<RoutedDyno> => {
    servers.push(server)
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    dynos++
    return {
      id: `dyno-${dynos}`,
      name: `web.${dynos}`,
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
    }
  }

  return {
    port,
    tlsPort,
    control,
    controlPath,
    tablePath,
    log,
    async route(...apps) {
      const table = apps.map((app, index) => ({ ...defaultApp(index), ...app }))
      await control.apply({ revision: ++revision, apps: table })
    },
    line: (index = 0) =>
      eventually(() => {
        const entry = log.filter(({ kind }) => kind === 'line')[index]
        return entry?.kind === 'line' ? entry.line : null
      }),
    async httpDyno(listener) {
      const server = createHttpServer(listener)
      return Object.assign(await listen(server), { server })
    },
    rawDyno: (onConnection) => listen(createServer({ allowHalfOpen: true }, onConnection)),
    ask: (text, until) => ask(port, text, until),
    async restart() {
      await router.close()
      router = await openRouter({ ...options, listen: [place(port), { ...place(tlsPort), tls: true }] })
    },
    async close() {
      await control.close()
      for (const socket of sockets) socket.destroy()
      await router.close()
      for (const server of servers) server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const place = (port: number) => ({ host: '127.0.0.1', port })

const defaultApp = (index: number): RoutedApp => ({
  id: `app-${index}`,
  name: `blog${index || ''}`,
  hostnames: [`blog${index || ''}.test`],
  maintenance: false,
  state: 'up',
  dynos: [],
})

export function ask(port: number, text: string, until?: RegExp): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (until?.test(answer)) socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
    socket.write(text, 'latin1')
  })
}

/** How much of what all connections may keep is kept, up to that. */
export const keptIn = (buffered: BufferedBytes): number =>
  limits.allBuffersBytes - 8 * buffered.shareOf(limits.allBuffersBytes)

type Found<T> = T | null | undefined | false

/** What `look` finds, once it finds something. */
export async function eventually<T>(look: () => Found<T> | Promise<Found<T>>, deadlineMs = 20_000): Promise<T> {
  const start = performance.now()
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (performance.now() - start > deadlineMs) throw new Error(`not within ${deadlineMs} ms: ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const get = (path = '/', host = 'blog.test'): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
