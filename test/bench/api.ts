// npm run bench -- api: requests a second and waiting times of the agent's API over its own socket, with many apps and an app
// of many releases there. The client is this process, the agent another; both share the machine.
import { mkdtemp, rm } from 'node:fs/promises'
import http2, { type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { EmbeddedServer } from '../../electron/core/embedded/embedded-server.ts'
import { startProgram } from '../../electron/exec/program.ts'
import { buildAgent } from '../server/install/install-desktop.ts'
import type { BenchContext, Figures } from './benchmark.ts'
import { percentile, round } from './statistics.ts'

const apps = 300
const releases = 1000
const parallel = 32
const seconds = 3
const app = '/apps/app-0'

/** What clients ask most, and the longest lists. */
const requests: Record<string, OutgoingHttpHeaders> = {
  account: { ':path': '/account' },
  app: { ':path': app },
  apps_page: { ':path': '/apps' },
  // After every change of a config var the stock client asks for the version that it made.
  newest_release: { ':path': `${app}/releases`, range: 'version ..; order=desc,max=1' },
  releases_page: { ':path': `${app}/releases` },
}

export async function bench({ runs, say, signal, onEnd }: BenchContext): Promise<Figures> {
  const session = await openSession(onEnd)
  say(`making ${apps} apps and ${releases} releases`)
  await fill(session)
  const figures: Figures = {}
  for (const [name, headers] of Object.entries(requests)) {
    const alone = await askFor(session, { headers, parallel: 1, seconds: 1, signal })
    const samples = await askFor(session, { headers, parallel, seconds: runs ?? seconds, signal })
    const perSecond = samples.length / (runs ?? seconds)
    figures[`${name}_p50_ms`] = round(percentile(alone, 50))
    figures[`${name}_p99_ms`] = round(percentile(alone, 99))
    figures[`${name}_busy_p99_ms`] = round(percentile(samples, 99))
    figures[`${name}_per_s`] = round(perSecond)
    say(`${name}: ${round(perSecond)} a second with ${parallel} at once, alone ${figures[`${name}_p50_ms`]} ms`)
  }
  return figures
}

async function openSession(onEnd: BenchContext['onEnd']): Promise<ClientHttp2Session> {
  const directory = await mkdtemp(path.join(tmpdir(), 'hearth-bench-'))
  onEnd(() => rm(directory, { recursive: true, force: true }))
  // The agent inherits it: what is measured is the API, not its patience with one key.
  process.env.HEARTH_REQUESTS_PER_SECOND = '1000000'
  const agentBundle = path.join(buildAgent(), 'agent.mjs')
  const server = await EmbeddedServer.open({ directory, nodeProgram: process.execPath, agentBundle, startProgram })
  onEnd(() => server.close())
  const socket = await server.openSocket()
  const session = http2.connect('http://agent', { createConnection: () => socket })
  onEnd(() => session.destroy())
  token = `Bearer ${await server.token()}`
  return session
}

let token = ''

async function fill(session: ClientHttp2Session): Promise<void> {
  for (let at = 0; at < apps; at++) await post(session, 'POST', '/apps', { name: `app-${at}` })
  for (let at = 1; at < releases; at++) await post(session, 'PATCH', `${app}/config-vars`, { VERSION: String(at) })
}

async function post(session: ClientHttp2Session, method: string, path: string, body: unknown): Promise<void> {
  await ask(session, { ':method': method, ':path': path }, JSON.stringify(body))
}

/** The milliseconds of each request, as many as are answered in that time. */
async function askFor(
  session: ClientHttp2Session,
  options: { headers: OutgoingHttpHeaders; parallel: number; seconds: number; signal: AbortSignal },
): Promise<number[]> {
  const samples: number[] = []
  const end = performance.now() + options.seconds * 1000
  const askOnAndOn = async () => {
    while (performance.now() < end) {
      options.signal.throwIfAborted()
      const start = performance.now()
      await ask(session, options.headers)
      samples.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, askOnAndOn))
  return samples
}

function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ...headers, authorization: token }, { endStream: body === undefined })
    let status = 0
    stream.on('response', (head) => {
      status = Number(head[':status'])
    })
    stream.on('error', reject)
    stream.on('end', () => (status < 300 ? resolve() : reject(new Error(`${headers[':path']} answered ${status}.`))))
    stream.resume()
    if (body !== undefined) stream.end(body)
  })
}
