// npm run bench -- soak [--runs MINUTES]: constant load on a test server with Hearth, and in it, over and over, whatever
// happens to a server in a year: deploys, config changes, scaling, rollbacks, cycling, agents that are restarted, killed and
// upgraded, router processes that are killed, a certificate that is replaced. One request of six is https. What counts is
// failed_requests_count, and memory that stays flat.
import { X509Certificate } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { type Certified, makeLeaf } from '../../agent/certificates/x509.ts'
import { long, makeRoot } from '../agent/certificates/made.ts'
import { bootHearthServer, type HearthServer, makeNextAgent } from '../server/hearth-server.ts'
import { makeApp } from '../server/resilience/app.ts'
import { type LoadReport, startLoad, type Target } from '../server/resilience/load.ts'
import { agentOf } from '../server/security/run-in-app.ts'
import { eventually } from '../servers/index.ts'
import type { BenchContext, Figures } from './figures/benchmark.ts'
import { round } from './figures/statistics.ts'

const app = 'soak'
const hostname = 'soak.example.com'
const perSecond = 50
const tlsPerSecond = 10
const betweenMs = 20_000
const defaultMinutes = 60
/** It takes the requests with it that it has begun, which are counted apart. */
const workerKilled = 'router worker killed'

interface Event {
  readonly name: string
  run(turn: number): unknown
}

export async function bench({ runs, say, signal, onEnd }: BenchContext): Promise<Figures> {
  const hearth = await bootHearthServer()
  onEnd(() => hearth[Symbol.asyncDispose]())
  const folder = await mkdtemp(path.join(tmpdir(), 'hearth-soak-'))
  onEnd(() => rm(folder, { recursive: true, force: true }))
  await hearth.desktop.deploy(app, await makeApp('turn 0'))
  await giveWorkers(hearth)
  const root = await makeRoot()
  await giveCertificate(hearth, root)
  const { host } = hearth.server
  const plain = { host, port: 80, hostname: `${app}.localhost` }
  const secure = { host, port: 443, hostname, authority: root.certificate }
  const events = [...makeEvents(hearth, folder), swapEvent(hearth, root, secure)]
  const end = performance.now() + (runs ?? defaultMinutes) * 60_000
  const reports: LoadReport[] = []
  const memory: number[] = []
  let failedEvents = 0
  let killed = 0
  for (let turn = 1; performance.now() < end; turn += 1) {
    for (const { name, run } of events) {
      signal.throwIfAborted()
      const loads = [startLoad(plain, perSecond), startLoad(secure, tlsPerSecond)]
      await loads[0]?.sentMore(perSecond)
      await attempt(() => run(turn)).catch((error: Error) => {
        failedEvents += 1
        say(`${name} failed: ${error.message}`)
      })
      await sleep(betweenMs, undefined, { signal })
      const [http, https] = await Promise.all(loads.map((load) => load.stop()))
      if (!http || !https) break
      reports.push(http, https)
      if (name === workerKilled) killed += http.failures.length + https.failures.length
      const failures = [...http.failures, ...https.failures.map((failure) => `https ${failure}`)]
      const failed = failures.length > 0 ? `; FAILED ${failures.slice(0, 3)}` : ''
      const told = `${http.sent} and ${https.sent} requests, p99 ${http.p99Ms} and ${https.p99Ms} ms${failed}`
      say(`${new Date().toISOString()} turn ${turn}, ${name}: ${told}`)
      if (performance.now() >= end) break
    }
    memory.push(await readResident(hearth))
    say(`agent and router: ${memory.at(-1)} MB`)
  }
  const sum = (of: (report: LoadReport) => number) => reports.reduce((total, report) => total + of(report), 0)
  return {
    requests_count: sum(({ sent }) => sent),
    failed_requests_count: sum(({ failures }) => failures.length) - killed,
    killed_requests_count: killed,
    events_count: reports.length / 2,
    failed_events_count: failedEvents,
    worst_p99_ms: Math.max(...reports.map(({ p99Ms }) => p99Ms)),
    slowest_ms: Math.max(...reports.map(({ slowestMs }) => slowestMs)),
    // After the first turn: until then everything is needed for the first time.
    early_resident_mb: memory[0] ?? 0,
    late_resident_mb: memory.at(-1) ?? 0,
    n: reports.length / 2,
  }
}

/** Two processes of the router from the beginning, and not only when there is much to do. */
async function giveWorkers({ server }: HearthServer): Promise<void> {
  const folder = '/etc/systemd/system/hearth-router.service.d'
  const start = '/usr/lib/hearth/current/node /usr/lib/hearth/current/agent.mjs router --router-workers 2'
  await mkdir(server.path(folder), { recursive: true })
  await writeFile(server.path(`${folder}/workers.conf`), `[Service]\nExecStart=\nExecStart=${start}\n`)
  await server.exec(['systemctl', 'daemon-reload'])
  await server.exec(['systemctl', 'restart', 'hearth-router'])
}

/** A name of the app's own, and a certificate for it. */
async function giveCertificate(hearth: HearthServer, root: Certified): Promise<void> {
  const agent = agentOf(hearth.desktop)
  await agent.call('createDomain', { app }, { hostname })
  await agent.call('createSniEndpoint', { app }, await makeBody(root))
}

/** Another certificate in the place of the one that is shown, until it is the one that is shown. */
function swapEvent(hearth: HearthServer, root: Certified, target: Target): Event {
  const run = async () => {
    const agent = agentOf(hearth.desktop)
    const [endpoint] = await agent.call('listSniEndpoints', { app })
    if (!endpoint) throw new Error('The app has no certificate.')
    const body = await makeBody(root)
    await agent.call('updateSniEndpoint', { app, sni_endpoint: endpoint.name }, body)
    const { fingerprint256 } = new X509Certificate(body.certificate_chain)
    await eventually(async () => (await readShown(target)) === fingerprint256, 10_000, 'the new one is not shown')
  }
  return { name: 'certificate swap', run }
}

async function makeBody(root: Certified) {
  const { certificate, key } = await makeLeaf(root, [hostname], long)
  return { certificate_chain: `${certificate}\n${root.certificate}`, private_key: key }
}

/** The fingerprint of the certificate that a new connection gets. */
function readShown({ host, port, hostname: servername, authority: ca }: Target): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>()
  const socket = connect({ host, port, servername, ca }, () => {
    resolve(socket.getPeerCertificate().fingerprint256)
    socket.destroy()
  })
  socket.once('error', reject)
  return promise
}

function makeEvents({ desktop, server }: HearthServer, folder: string): Event[] {
  const of = desktop.of(app)
  const scale = (quantity: number) => desktop.calls['formation.update']({ ...of, updates: [{ type: 'web', quantity }] })
  /** The first process keeps the others, which are its children. */
  const workerPid = async () => {
    const first = (await server.exec(['systemctl', 'show', '--value', '-p', 'MainPID', 'hearth-router'])).stdout.trim()
    return (await server.exec(['pgrep', '-P', first])).stdout.trim().split('\n').at(-1) ?? ''
  }
  return [
    { name: 'deploy', run: async (turn) => desktop.deploy(app, await makeApp(`turn ${turn}`)) },
    { name: 'scale up', run: () => scale(3) },
    {
      name: 'config change',
      run: async (turn) => desktop.calls['configVars.update']({ ...of, update: { GREETING: `turn ${turn}` } }),
    },
    { name: 'restart', run: async () => desktop.calls['dynos.restart']({ ...of }) },
    { name: 'scale down', run: () => scale(1) },
    { name: 'cycle', run: () => desktop.setSettings('cycleMs=15000 cycleSpreadMs=1000 cycleLookMs=1000') },
    { name: 'no more cycling', run: () => desktop.setSettings('cycleMs=86400000') },
    {
      name: 'agent killed',
      run: async () => {
        await server.exec(['systemctl', 'kill', '--signal=KILL', 'hearth-agent'])
        await desktop.whenAnswering()
      },
    },
    { name: workerKilled, run: async () => server.exec(['kill', '-KILL', await workerPid()]) },
    {
      name: 'router told to end',
      run: () => server.exec(['systemctl', 'kill', '--kill-who=main', '--signal=TERM', 'hearth-router']),
    },
    {
      name: 'agent upgrade',
      run: async (turn) => {
        await desktop.install(await makeNextAgent(path.join(folder, `${turn}`), `0.1.${turn}`))
        await desktop.whenAnswering()
      },
    },
    { name: 'router upgrade', run: async () => desktop.calls['servers.restartRouter']({ serverId: desktop.serverId }) },
  ]
}

/** What is thrown at once is a rejection too. */
async function attempt(act: () => unknown): Promise<void> {
  await act()
}

/** Of the agent and all of the router's processes, in MB. */
async function readResident({ server }: HearthServer): Promise<number> {
  const sum = "ps -eo rss=,args= | awk '/[a]gent.mjs (serve|router)/ { sum += $1 } END { print sum }'"
  const { stdout } = await server.exec(['sh', '-c', sum])
  return round((Number(stdout) * 1024) / 1e6)
}
