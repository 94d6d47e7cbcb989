import http2 from 'node:http2'
import net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { HearthError } from '../contract/errors.ts'
import { server as serverSchema } from '../contract/server/server.ts'

export interface HealthOptions {
  readonly socketPath: string
  /** A new one each time: the key may be made only by the start that is waited for. */
  readonly token: () => Promise<string>
  readonly timeoutMs: number
  /** How often the service manager has had to start it again after it ended by itself. */
  readonly countRestarts: () => Promise<number>
}

/** So often it may end at its start before it is taken for one that never will be well. */
const patientRestarts = 4

/** Asks the agent for itself until it answers as the contract says; gives one up that ends again and again. */
export async function waitUntilHealthy(options: HealthOptions): Promise<void> {
  const deadline = performance.now() + options.timeoutMs
  const before = await options.countRestarts()
  let problem = 'it did not start'
  while (performance.now() < deadline) {
    try {
      return await askOnce(options)
    } catch (error) {
      problem = (error as Error).message
    }
    const restarts = (await options.countRestarts()) - before
    if (restarts >= patientRestarts)
      throw new HearthError('unavailable', `The agent ended ${restarts} times right after its start.`)
    await delay(100)
  }
  const seconds = options.timeoutMs / 1000
  throw new HearthError('unavailable', `The agent was not healthy within ${seconds} seconds: ${problem}.`)
}

async function askOnce({ socketPath, token }: HealthOptions): Promise<void> {
  const socket = net.connect(socketPath)
  const session = http2.connect('http://agent', { createConnection: () => socket })
  try {
    await new Promise<void>((resolve, reject) => {
      session.once('connect', () => resolve())
      session.on('error', reject)
    })
    const { status, body } = await request(session, await token())
    if (status !== 200) throw new Error(`it answered with status ${status}`)
    serverSchema.parse(JSON.parse(body))
  } finally {
    session.destroy()
  }
}

function request(session: http2.ClientHttp2Session, token: string): Promise<{ status: number; body: string }> {
  const stream = session.request({ ':path': '/server', authorization: `Bearer ${token}` })
  return new Promise((resolve, reject) => {
    let [status, body] = [0, '']
    stream.setEncoding('utf8')
    stream.once('response', (headers) => (status = Number(headers[':status'])))
    stream.on('data', (text: string) => (body += text))
    stream.once('end', () => resolve({ status, body }))
    stream.once('error', reject)
    stream.setTimeout(5000, () => reject(new Error('it did not answer')))
  })
}
