import { linkSync, renameSync, rmSync } from 'node:fs'
import http2, { type ServerHttp2Session } from 'node:http2'
import type { HearthError } from '../contract/errors.ts'
import { sendError } from './exchange.ts'
import { listenAt } from './listen-at.ts'
import type { Api } from './server.ts'

export interface SubstituteOptions {
  /** Where the API is served by somebody who can't now. */
  readonly socketPath: string
  readonly socketMode: number
  /** What every request is answered with. */
  explain(): HearthError
}

/**
 * Takes the place of whoever serves the API, for everybody who connects from now on; `close` gives it back. Their socket is not
 * touched: its name leads to ours meanwhile. Nothing here waits for the thread pool, in which other threads may hang with their disk.
 */
export async function openSubstitute({ socketPath, socketMode, explain }: SubstituteOptions): Promise<Api> {
  const [own, theirs] = [`${socketPath}.substitute`, `${socketPath}.replaced`]
  const server = http2.createServer()
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => {}).once('close', () => sessions.delete(session))
  })
  server.on('stream', (stream) => {
    stream.on('error', () => {}).on('aborted', () => stream.destroy())
    sendError(stream, explain())
  })
  await listenAt(server, own, socketMode)
  // Left by a process that was killed meanwhile.
  rmSync(theirs, { force: true })
  linkSync(socketPath, theirs)
  renameSync(own, socketPath)
  return {
    async close() {
      renameSync(theirs, socketPath)
      for (const session of sessions) session.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
