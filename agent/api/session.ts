import type { ServerHttp2Session } from 'node:http2'

const pingEveryMs = 10_000
const pongWithinMs = 15_000

/**
 * Ends a session whose peer is silently gone (cut cable, sleeping laptop), so that its terminals and tails end too:
 * sshd by default notices nothing.
 */
export function watchSession(session: ServerHttp2Session): void {
  let answeredAt = Date.now()
  const timer = setInterval(() => {
    if (Date.now() - answeredAt > pingEveryMs + pongWithinMs) {
      session.destroy()
      return
    }
    if (!session.destroyed) session.ping(() => (answeredAt = Date.now()))
  }, pingEveryMs)
  timer.unref()
  session.on('close', () => clearInterval(timer))
  session.on('error', () => session.destroy())
}
