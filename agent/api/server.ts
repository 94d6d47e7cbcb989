import http2 from 'node:http2'
import { type AnswerOptions, answer } from './answer.ts'
import { listenAt } from './listen-at.ts'
import { Sessions } from './sessions.ts'

export interface ApiOptions extends Omit<AnswerOptions, 'onCaller'> {
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
  const sessions = new Sessions(server)
  server.on('stream', (stream, headers) => {
    void answer(stream, headers, { ...options, onCaller: (caller) => sessions.note(stream, caller) })
  })
  const unsubscribe = options.platform.onReduced((keyIds) => sessions.end(keyIds))
  await listenAt(server, options.socketPath, options.socketMode)
  return {
    async close() {
      unsubscribe()
      // In this order: a session that `server.close` has begun to end in peace waits for its client to hang up.
      sessions.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
