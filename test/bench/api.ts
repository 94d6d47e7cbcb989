// npm run bench -- api: requests a second and waiting times of the API: of the agent over its own socket, with many apps and an
// app of many releases there; through desktop, SSH and agent; and what a command of the stock client takes. All on one machine.
import { mkdtemp, rm } from 'node:fs/promises'
import http2, { type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { EmbeddedServer } from '../../electron/core/embedded/embedded-server.ts'
import { startProgram } from '../../electron/exec/program.ts'
import { buildAgent } from '../server/install/install-desktop.ts'
import { measureDesktop } from './api-desktop.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { measureRequest } from './load/api-load.ts'

const apps = 300
const releases = 1000
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

export async function bench(context: BenchContext): Promise<Figures> {
  const { say, onEnd } = context
  const desktop = await measureDesktop(context)
  const session = await openSession(onEnd)
  say(`making ${apps} apps and ${releases} releases`)
  await fill(session)
  const figures: Figures = {}
  for (const [name, headers] of Object.entries(requests))
    Object.assign(figures, await measureRequest(name, () => ask(session, headers), context))
  return { ...desktop, ...figures }
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
