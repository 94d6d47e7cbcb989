import { chmod, rm } from 'node:fs/promises'
import http2, { type Http2Server } from 'node:http2'
import { type AnswerOptions, answer } from './answer.ts'
import { watchSession } from './session.ts'

export interface ApiOptions extends AnswerOptions {
  readonly socketPath: string
  /** The socket's mode; its folder decides who gets near. */
  readonly socketMode: number
}

export interface Api {
  close(): Promise<void>
}

/** Serves the contract over HTTP/2 (prior knowledge) on a unix socket; nothing here listens on a network. */
export async function openApi(options: ApiOptions): Promise<Api> {
  const server = http2.createServer({ settings: { initialWindowSize: 1 << 20, maxConcurrentStreams: 1000 } })
  server.on('stream', (stream, headers) => void answer(stream, headers, options))
  const sessions = watchSessions(server)
  await rm(options.socketPath, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.socketPath, resolve)
  })
  await chmod(options.socketPath, options.socketMode)
  return {
    async close() {
      // In this order: a session that `server.close` has begun to end in peace waits for its client to hang up.
      for (const session of sessions) session.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function watchSessions(server: Http2Server) {
  const sessions = new Set<http2.ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    watchSession(session)
  })
  return sessions
}
