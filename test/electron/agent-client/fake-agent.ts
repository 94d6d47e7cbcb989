import { mkdtemp, rm } from 'node:fs/promises'
import http2, { type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void

/** A server that answers what a test wants said, on a real unix socket. */
export async function openFakeAgent(answer: Answer) {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-agent-'))
  const path = join(folder, 'agent.sock')
  const server = http2.createServer()
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => sessions.add(session))
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    answer(stream, headers)
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return {
    path,
    connect: () => net.connect(path),
    /** As a crash of the agent. */
    breakConnections() {
      for (const session of sessions) session.destroy()
    },
    async close() {
      for (const session of sessions) session.destroy()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true })
    },
  }
}

export function sendJson(stream: ServerHttp2Stream, status: number, body: unknown): void {
  stream.respond({ ':status': status, 'content-type': 'application/json' })
  stream.end(JSON.stringify(body))
}
