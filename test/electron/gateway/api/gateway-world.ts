// An API gateway over an agent that answers what a test wants said, in a folder of its own.
import { mkdtemp, rm } from 'node:fs/promises'
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { openDoor } from '../../../../electron/agent-client/open-door.ts'
import { ApiPorts } from '../../../../electron/core/client/api-ports.ts'
import { ApiToken } from '../../../../electron/core/client/api-token.ts'
import { SharedDoor } from '../../../../electron/core/servers/shared-door.ts'
import { ApiGateway, type ApiGatewayOptions } from '../../../../electron/gateway/api/api-gateway.ts'
import { Authority } from '../../../../electron/gateway/tls/authority.ts'
import { type Answer, openFakeAgent, sendJson } from '../../agent-client/fake-agent.ts'

export interface Asked {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type World = Awaited<ReturnType<typeof openWorld>>

/** `answer` may be exchanged during a test; `serverId` is `nas`. */
export async function openWorld(overrides: Partial<ApiGatewayOptions> = {}) {
  await using made = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'hearth-gateway-'))
  made.defer(() => rm(folder, { recursive: true, force: true }))
  const state: { answer: Answer; problems: string[]; token: string; opened: number } = {
    answer: (stream, headers) => sendJson(stream, 200, { path: headers[':path'] }),
    problems: [],
    token: 'the-agents-token',
    opened: 0,
  }
  const fake = await openFakeAgent((stream, headers) => state.answer(stream, headers))
  made.defer(fake.close)
  const token = await ApiToken.open(join(folder, 'token.json'))
  const ports = await ApiPorts.open(join(folder, 'ports.json'))
  const files = { certificate: join(folder, 'authority.pem'), key: join(folder, 'authority.key') }
  const door = new SharedDoor(async () => {
    state.opened += 1
    return openDoor({ socket: fake.connect(), token: async () => state.token })
  })
  made.defer(() => door.close())
  const options: ApiGatewayOptions = {
    token,
    ports,
    authority: await Authority.open(files),
    serverIds: () => ['nas'],
    onServersChange: () => () => {},
    openDoor: () => door.open(),
    appUrl: (serverId, app) => `http://${app}.${serverId}.localhost:8780`,
    onError: (message, error) => state.problems.push(`${message}: ${error}`),
    ...overrides,
  }
  const gateway = await ApiGateway.open(options)
  made.defer(() => gateway.close())
  const port = ports.get('nas')?.port ?? 0
  const owned = made.move()
  return {
    ...{ folder, state, fake, token, ports, files, options, gateway, port },
    /** With the token, unless a test says otherwise. */
    ask: (path: string, options: http.RequestOptions & { body?: string | Buffer } = {}) =>
      ask({ host: '127.0.0.1', port, path, agent: false, ...options }, token.text),
    close: () => owned.disposeAsync(),
  }
}

export async function ask(options: http.RequestOptions & { body?: string | Buffer }, token: string): Promise<Asked> {
  const headers = { authorization: `Bearer ${token}`, ...(options.headers as Record<string, string>) }
  return new Promise((resolve, reject) => {
    const request = http.request({ ...options, headers }, (response: IncomingMessage) => {
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      )
    })
    request.on('error', reject)
    request.end(options.body)
  })
}

/** Bytes as a hostile or simple client sends them; resolves with all that comes back. */
export function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = net.connect(port, '127.0.0.1')
  socket.write(bytes)
  return text(socket)
}

export { sendJson }
