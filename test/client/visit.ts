import http from 'node:http'
import { text } from 'node:stream/consumers'

/** As a browser of this computer, which takes every `.localhost` for itself; Node asks the system, which may not. */
export function visit(url: string): Promise<{ status: number; body: string }> {
  const { host, port, pathname } = new URL(url)
  const options = { host: '127.0.0.1', port, path: pathname, headers: { host }, agent: false }
  return new Promise((resolve, reject) => {
    http
      .get(options, async (answer) => resolve({ status: answer.statusCode ?? 0, body: await text(answer) }))
      .on('error', reject)
  })
}
