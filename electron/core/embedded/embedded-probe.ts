import http2 from 'node:http2'
import net from 'node:net'

/** True once the agent behind a socket answers a request; an open socket alone may lead nowhere yet. */
export async function probeAgent(socketPath: string, token: () => Promise<string>): Promise<boolean> {
  const bearer = await token().catch(() => null)
  if (bearer === null) return false
  return new Promise((resolve) => {
    const session = http2.connect('http://agent', { createConnection: () => net.connect(socketPath) })
    const finish = (answer: boolean) => {
      session.destroy()
      resolve(answer)
    }
    session.on('error', () => finish(false))
    session.setTimeout(5_000, () => finish(false))
    const request = session.request({ ':path': '/account', authorization: `Bearer ${bearer}` })
    request.on('error', () => finish(false))
    request.on('response', (headers) => finish(headers[':status'] === 200))
    request.on('close', () => finish(false))
  })
}
