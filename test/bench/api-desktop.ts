// The part of `npm run bench -- api` that a user feels: the API through `hearth gateway`, SSH and the agent of a test server, and
// commands of the stock client, each beside the same command against a program that answers at once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import http, { type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { ClientWorld } from '../client/client-world.ts'
import { Heroku } from '../client/heroku.ts'
import { clientVersions } from '../client/install-client.ts'
import { makeWorld } from '../client/setup.ts'
import { findServer } from '../servers/index.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { median, round } from './figures/statistics.ts'
import { measureRequest, parallel } from './load/api-load.ts'

const paths = { account: '/account', app: '/apps/warm-up', releases: '/apps/warm-up/releases' }
const commandRuns = 10

export async function measureDesktop(context: BenchContext): Promise<Figures> {
  const made = new AsyncDisposableStack()
  context.onEnd(() => made.disposeAsync())
  context.say('booting a server and a desktop')
  const world = await makeWorld(made)
  await liftLimit(world)
  const heroku = made.use(await Heroku.open(world, clientVersions[0]))
  const { HEROKU_API_KEY: token = '' } = heroku.environment
  const agent = new http.Agent({ keepAlive: true, maxSockets: parallel })
  made.defer(() => agent.destroy())
  const figures: Figures = {}
  for (const [name, path] of Object.entries(paths)) {
    const ask = async () => void (await fetchText({ port: world.port, path, agent }, token))
    Object.assign(figures, await measureRequest(`desktop_${name}`, ask, context))
  }
  return { ...figures, ...(await measureCommands(heroku, world, token, context)) }
}

/** What is measured is how fast the API is, not its patience with one key. */
async function liftLimit({ server: name }: ClientWorld): Promise<void> {
  const server = await findServer(name)
  const script = 'echo HEARTH_REQUESTS_PER_SECOND=1000000 >>/etc/hearth/environment && systemctl restart hearth-agent'
  await server.exec(['sh', '-c', script])
}

async function fetchText(options: http.RequestOptions, token: string): Promise<string> {
  const request = http.get({ host: '127.0.0.1', ...options, headers: { authorization: `Bearer ${token}` } })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  const body = await text(response)
  if (response.statusCode !== 200) throw new Error(`${options.path} answered ${response.statusCode}: ${body}`)
  return body
}

/** One request each way, in turn, so that what else the machine does is the same for both. */
async function measureCommands(
  { environment }: Heroku,
  { port }: ClientWorld,
  token: string,
  { runs, say, signal }: BenchContext,
): Promise<Figures> {
  const answer = await fetchText({ port, path: '/regions', agent: false }, token)
  const bare = http.createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer),
  )
  const barePort = await listen(bare)
  try {
    const toBare = Object.entries(environment)
      .filter(([name]) => !/proxy/i.test(name)) // The gateway's is part of what is measured.
      .map(([name, value]) => [name, value.replaceAll(`:${port}`, `:${barePort}`)])
    const samples = { bare: [] as number[], hearth: [] as number[] }
    for (let run = 0; run < (runs ?? commandRuns); run += 1) {
      signal.throwIfAborted()
      samples.bare.push(await timeCommand(Object.fromEntries(toBare)))
      samples.hearth.push(await timeCommand(environment))
    }
    const [bareMs, hearthMs] = [median(samples.bare), median(samples.hearth)]
    say(`heroku regions: ${round(hearthMs)} ms, against what answers at once ${round(bareMs)} ms`)
    return {
      client_p50_ms: round(hearthMs),
      client_bare_p50_ms: round(bareMs),
      client_overhead_ms: round(hearthMs - bareMs),
    }
  } finally {
    bare.close()
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function timeCommand(environment: Readonly<Record<string, string>>): Promise<number> {
  const start = performance.now()
  const child = spawn('heroku', ['regions'], { env: environment, stdio: 'ignore' })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`heroku regions ended with ${code}.`)
  return performance.now() - start
}
