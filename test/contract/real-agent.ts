import { generateKeyPairSync, sign } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import http2 from 'node:http2'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { addAuthorizedKey } from '../../agent/access/authorized-keys.ts'
import { openLoginKeys } from '../../agent/access/login-keys.ts'
import { parsePublicKey } from '../../agent/access/public-key.ts'
import { actorId } from '../../agent/access/token.ts'
import { type Api, openApi } from '../../agent/api/server.ts'
import { createBuilds } from '../../agent/builds/builds.ts'
import { openProcessSandbox } from '../../agent/builds/sandbox/process-sandbox.ts'
import { parseAcmeSettings } from '../../agent/certificates/acme-settings.ts'
import { openCertification } from '../../agent/certificates/certification.ts'
import { builtIns } from '../../agent/contract/builds/built-in-buildpacks.ts'
import { type EndpointName, endpoints } from '../../agent/contract/endpoints.ts'
import { openDrains } from '../../agent/drains/drains.ts'
import { openLogStore } from '../../agent/logs/file-log-store.ts'
import { openMachine } from '../../agent/machine/machine.ts'
import { openPlatform } from '../../agent/operations/platform.ts'
import { systemClock } from '../../agent/operations/runtime/system-clock.ts'
import { openPageKeeper } from '../../agent/pages/page-keeper.ts'
import { ProcessRunner } from '../../agent/process/process-runner.ts'
import { openRouterControl } from '../../agent/router/control/control-client.ts'
import { openRouter } from '../../agent/router/router.ts'
import { openMetricsStore } from '../../agent/sqlite/metrics.ts'
import { openStore } from '../../agent/sqlite/store.ts'
import { openLocalStacks } from '../../agent/stack/local-stack.ts'
import { openHttpWebhooks } from '../../agent/webhooks/http-webhooks.ts'
import { openAgent } from '../../electron/agent-client/open-agent.ts'
import type { Agent } from '../../electron/core/ports/agent.ts'
import { makePublicKey } from '../agent/access/public-keys.ts'
import { openLocalGit } from '../agent/git/local-git.ts'
import { fakeNames } from '../agent/operations/fakes/fake-ports.ts'

const door = { program: ['/usr/lib/hearth/current/node'], sockets: [] }

/** A buildpack that takes every app as it is. */
const buildpack = {
  detect: '#!/bin/sh\necho Plain\n',
  compile: '#!/bin/sh\necho "-----> Nothing to compile"\n[ ! -e "$1/slow" ] || sleep 600\n',
  layers: '#!/bin/sh\n',
}

export interface Answer {
  readonly endpoint: EndpointName
  readonly answer: unknown
}

export interface RealAgent {
  /** The desktop's own client; every answer is checked against the contract on both sides. */
  readonly agent: Agent
  /** Endpoints that were asked with success. */
  readonly walked: ReadonlySet<EndpointName>
  /** What they answered, as it came. */
  readonly answers: readonly Answer[]
  readonly routerPort: number
  readonly socketPath: string
  /** Where everything of it is. */
  readonly folder: string
  /** What no method of the client sends. */
  request(
    method: string,
    path: string,
    body?: string | Uint8Array,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Buffer; contentType: string }>
  close(): Promise<void>
}

export interface RealAgentOptions {
  /** Where its folder is made. */
  readonly parent?: string
  readonly report?: (problem: string, cause: unknown) => void
}

/** An agent of real parts in a temporary folder: SQLite, logs, router, sandboxed builds, processes, the API's socket. */
export async function openRealAgent({
  parent = os.tmpdir(),
  report = (problem, cause) => console.error(problem, cause),
}: RealAgentOptions = {}): Promise<RealAgent> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(path.join(parent, 'hearth-contract-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const controlPath = path.join(folder, 'control.sock')
  const router = await openRouter({
    controlPath,
    tablePath: path.join(folder, 'routes.json'),
    listen: [{ host: '127.0.0.1', port: 0 }],
    timeouts: { stopMs: 100 },
  })
  stack.defer(() => router.close())
  const { port: routerPort } = router.addresses()[0] as { port: number }
  const socketPath = path.join(folder, 'agent.sock')
  const api = await openServing(stack, { folder, controlPath, routerPort, socketPath, report })
  stack.defer(() => api.close())
  const token = async () => 'good'
  const agent = await openAgent({ socket: net.connect(socketPath), token })
  stack.defer(() => agent.close())
  const walked = new Set<EndpointName>()
  const answers: Answer[] = []
  const opened = stack.move()
  return {
    agent: recordCalls(agent, (endpoint, answer) => {
      walked.add(endpoint)
      answers.push({ endpoint, answer })
    }),
    walked,
    answers,
    routerPort,
    socketPath,
    folder,
    request: (method, where, body, headers = {}) => request(socketPath, { method, where, body, headers }),
    close: () => opened.disposeAsync(),
  }
}

async function openServing(
  stack: AsyncDisposableStack,
  {
    folder,
    controlPath,
    routerPort,
    socketPath,
    report,
  }: Record<'folder' | 'controlPath' | 'socketPath', string> & {
    routerPort: number
    report: (problem: string, cause: unknown) => void
  },
): Promise<Api> {
  const state = path.join(folder, 'state')
  await mkdir(state)
  const stacks = openLocalStacks({ directory: path.join(state, 'layers'), registryUrl: 'http://127.0.0.1:9/' })
  const git = await openLocalGit(path.join(folder, 'git'), { report })
  stack.defer(() => git.close())
  const builds = await createBuilds({
    stateDirectory: state,
    buildpackDirectory: await writeBuildpacks(path.join(folder, 'buildpacks')),
    sandbox: await openProcessSandbox({ hiddenDirectories: [state] }),
    stacks,
    commits: git,
    allowsOwnAddresses: true,
    limits: { diskReserveBytes: 0 },
    log: () => {},
  })
  stack.defer(() => builds.close())
  const searchPath = `${path.dirname(process.execPath)}:/usr/bin:/bin`
  const runner = new ProcessRunner({ folder: path.join(folder, 'dynos'), avoidSandbox: true, searchPath })
  stack.defer(() => runner.close())
  const store = stack.adopt(openStore(path.join(folder, 'state.db'), new Uint8Array(32)), (opened) => opened.close())
  const metrics = stack.adopt(openMetricsStore(path.join(folder, 'metrics.db'), report), (opened) => opened.close())
  const logs = openLogStore({ folder: path.join(folder, 'logs'), onWriteError: (error) => report('logs', error) })
  stack.defer(() => logs.close())
  const control = openRouterControl({ controlPath, firstRetryMs: 5 })
  stack.defer(() => control.close())
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const machine = openMachine(
    {
      id: crypto.randomUUID(),
      name: 'contract',
      version: '0.0.0',
      digest: '',
      operatingSystem: os.type(),
      architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
      runner: 'process',
      stacks: [{ id: crypto.randomUUID(), name: 'local' }],
      startedAt: new Date().toISOString(),
      router: { host: 'localhost', port: routerPort, socket: '/nowhere' },
    },
    folder,
  )
  const ann = parsePublicKey(makePublicKey('ann@laptop'))
  const keyFile = path.join(folder, 'authorized_keys')
  await writeFile(keyFile, addAuthorizedKey('', ann, door))
  const platform = await openPlatform({
    ...{ store, metrics, runner, logs, machine, report, git, router: control },
    drains: openDrains({ allowsOwnAddresses: true }),
    sendToWebhook: openHttpWebhooks({ allowsOwnAddresses: true }),
    names: fakeNames,
    certification: openCertification({
      acme: parseAcmeSettings('directory=http://127.0.0.1:9/nobody'),
      keyDirectory: folder,
      serverName: 'nas',
    }),
    pages: openPageKeeper({ folder: path.join(folder, 'pages'), allowsOwnAddresses: true }),
    builder: builds.builder,
    slugs: builds.slugs,
    sources: builds.sources,
    routerKeeper: { restart: async () => {} },
    containers: null,
    operatorLog: { read: async () => ({ units: [], journal: 'agent: started\n' }) },
    signer: { publicKey: spki, sign: (bytes) => sign(null, bytes, privateKey).toString('base64') },
    sealKey: new Uint8Array(32),
    loginKeys: openLoginKeys(keyFile, door),
    clock: systemClock,
    chance: Math.random,
    settings: { stopGraceMs: 2000, drainMs: 1000, settleMs: 50 },
  })
  stack.defer(() => platform.close())
  return openApi({
    ...{ platform, socketPath, socketMode: 0o600, logError: report },
    authenticate: (token) => (token === 'good' ? platform.identify(actorId(ann.id)) : null),
  })
}

/** Of each language one, as on every server; only that of Node.js takes an app. */
async function writeBuildpacks(directory: string): Promise<string> {
  for (const { name } of builtIns) {
    const bin = path.join(directory, path.basename(name), 'bin')
    await mkdir(bin, { recursive: true })
    const files = name === 'hearth/node' ? buildpack : { ...buildpack, detect: '#!/bin/sh\nexit 1\n' }
    for (const [program, text] of Object.entries(files)) {
      await writeFile(path.join(bin, program), text)
      await chmod(path.join(bin, program), 0o755)
    }
  }
  return directory
}

/** Notes what was asked with success, by whatever method of the client. */
function recordCalls(agent: Agent, onAnswer: (endpoint: EndpointName, answer: unknown) => void): Agent {
  return new Proxy(agent, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target)
      if (typeof method !== 'function') return method
      return (...parameters: unknown[]) => {
        const answer: unknown = method.apply(target, parameters)
        const endpoint = name === 'call' ? parameters[0] : name === 'attach' ? 'attachDyno' : name
        if (typeof endpoint !== 'string' || !(endpoint in endpoints)) return answer
        const isPromise = answer instanceof Promise
        if (!isPromise) onAnswer(endpoint as EndpointName, undefined)
        const noteAnswer = (value: unknown) => {
          onAnswer(endpoint as EndpointName, value)
          return value
        }
        return isPromise ? answer.then(noteAnswer) : answer
      }
    },
  })
}

async function request(
  socketPath: string,
  {
    method,
    where,
    body,
    headers: more,
  }: { method: string; where: string; body: string | Uint8Array | undefined; headers: Record<string, string> },
): Promise<{ status: number; body: Buffer; contentType: string }> {
  const session = http2.connect('http://agent', { createConnection: () => net.connect(socketPath) })
  try {
    const stream = session.request({ ':method': method, ':path': where, authorization: 'Bearer good', ...more })
    const head = new Promise<http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader>((resolve, reject) => {
      stream.once('response', resolve)
      stream.once('error', reject)
    })
    if (!stream.writableEnded) stream.end(body)
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk as Buffer)
    const { ':status': status, 'content-type': contentType = '' } = await head
    return { status: Number(status), body: Buffer.concat(chunks), contentType }
  } finally {
    session.destroy()
  }
}
