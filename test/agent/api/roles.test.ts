import http2, { type ClientHttp2Session } from 'node:http2'
import net from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, openApi } from '../../../agent/api/server.ts'
import { type Role, roles } from '../../../agent/contract/access/role.ts'
import { renderPath } from '../../../agent/contract/endpoint.ts'
import { type EndpointName, endpoints } from '../../../agent/contract/endpoints.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { Caller } from '../../../agent/core/ports/access/actor.ts'
import type { Calls } from '../../../agent/operations/call.ts'
import type { Platform } from '../../../agent/operations/platform.ts'
import { ServedBench } from '../operations/access/served.ts'

// The door as it is, before an agent whose every answer is 410: who gets that far was let in.
const reached = new HearthError('gone', 'reached')
const answer = async () => {
  throw reached
}

let bench: ServedBench
let api: Api
let client: ClientHttp2Session
const callers = new Map<string, Caller>()
beforeAll(async () => {
  bench = await ServedBench.open()
  const { id: shop } = await bench.createApp('shop')
  const { id: other } = await bench.createApp('other')
  for (const role of roles) {
    addPerson(`${role} on shop`, shop, role)
    addPerson(`${role} on the server`, null, role)
    addPerson(`${role} on another app`, other, role)
  }
  const socketPath = join(bench.folder, 'agent.sock')
  const { platform } = bench
  const calls = new Proxy({}, { get: () => answer }) as Calls
  api = await openApi({
    platform: { ...platform, calls, putSourceBlobs: answer, serveGit: answer, subscribe: () => raise() } as Platform,
    authenticate: (token) => callers.get(Buffer.from(token, 'base64url').toString()) ?? null,
    socketPath,
    socketMode: 0o600,
    logError: () => {},
  })
  client = http2.connect('http://agent', { createConnection: () => net.connect(socketPath) })
})
afterAll(async () => {
  client.destroy()
  await api.close()
  await bench.close()
})

function raise(): never {
  throw reached
}

function addPerson(name: string, appId: string | null, role: Role): void {
  const key = bench.letIn(name.replaceAll(' ', '-'))
  const caller = bench.who(key)
  if (!caller) throw new Error(`${name} is not known`)
  const at = '2026-01-01T00:00:00Z'
  bench.store.people.removeGrant(caller.id, null)
  bench.store.people.putGrant({ personId: caller.id, appId, role, grantedBy: null, createdAt: at, updatedAt: at })
  // Root touches the file, so that it is looked at again.
  bench.write((text) => `${text}#\n`)
  bench.who(key)
  callers.set(name, caller)
}

/** The status, and what is said. */
async function ask(who: string, name: EndpointName, body = '{}'): Promise<{ status: number; message: string }> {
  const { method, path, request } = endpoints[name]
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter)
  const where = renderPath(path, Object.fromEntries(names.map((one) => [one, one === 'app' ? 'shop' : 'v1'])))
  const authorization = `Bearer ${Buffer.from(who).toString('base64url')}`
  const stream = client.request({ ':method': method, ':path': where, authorization })
  const status = new Promise<number>((resolve) => stream.once('response', (head) => resolve(Number(head[':status']))))
  stream.end(request === 'none' ? undefined : body)
  // A stream that had begun breaks off when its answer fails.
  stream.on('error', () => {})
  const text = await stream
    .setEncoding('utf8')
    .reduce((whole: string, chunk: string) => whole + chunk, '')
    .catch(() => '')
  return { status: await status, message: text === '' ? '' : JSON.parse(text).message }
}

const names = Object.keys(endpoints) as EndpointName[]
/** Let in, whatever else is wrong with an empty request; a stream has begun its answer by then. */
const isLetIn = (status: number) => [200, 400, 410, 422].includes(status)

describe.each(names.filter((name) => endpoints[name].needs !== 'sealed'))('%s', (name) => {
  const { needs, path } = endpoints[name]
  const isOfApp = path.startsWith('/apps/{app}')
  const place = isOfApp ? 'shop' : 'server'
  const needed = needs.replace('server ', '')

  test(`is for whoever has ${needs}, and for nobody else`, async () => {
    for (const who of callers.keys()) {
      const [held = '', , ...rest] = who.split(' ')
      const holds = rest.at(-1) === 'server' || rest.join(' ') === place ? held : null
      const isEnough =
        needs === 'anyone' || (holds !== null && roles.indexOf(holds as Role) >= roles.indexOf(needed as Role))
      const { status, message } = await ask(who, name)
      const expected = isEnough ? 'let in' : isOfApp && holds === null ? 'not found' : 'forbidden'
      const got = isLetIn(status) ? 'let in' : status === 404 ? 'not found' : status === 403 ? 'forbidden' : status
      expect([who, got]).toEqual([who, expected])
      if (expected === 'not found') expect(message).toBe("Couldn't find that app: shop.")
      if (expected === 'forbidden')
        expect(message).toMatch(new RegExp(`needs the role ${needed} on .* can give it\\.$`))
    }
  })

  test('is for nobody without a token', async () => {
    expect((await ask('somebody', name)).status).toBe(401)
  })
})

test('a field that needs more is refused to who may change the others', async () => {
  const change = (who: string, body: object) => ask(`${who} on shop`, 'updateApp', JSON.stringify(body))
  // The door in front of the calls does not know the body yet; the one around them does.
  const { calls } = bench.platform
  const rename = (who: string) =>
    calls.updateApp({
      actor: callers.get(`${who} on shop`) as Caller,
      parameters: { app: 'shop' },
      body: { name: 'shop' },
    })
  expect((await change('view', { maintenance: true })).status).toBe(403)
  await expect(rename('operate')).rejects.toMatchObject({
    id: 'forbidden',
    message: expect.stringContaining('role manage'),
  })
  await expect(rename('manage')).resolves.toMatchObject({ name: 'shop' })
})

test('calls can not be made around the door', async () => {
  const actor = callers.get('view on shop') as Caller
  await expect(
    bench.platform.calls.destroyApp({ actor, parameters: { app: 'shop' }, body: undefined }),
  ).rejects.toMatchObject({
    id: 'forbidden',
  })
})

describe('the contract asks for', () => {
  test('more than view wherever something changes', () => {
    const changing = names.filter(
      (name) => endpoints[name].method !== 'GET' && endpoints[name].path.startsWith('/apps/'),
    )
    const weak = changing.filter((name) => endpoints[name].needs === 'view')
    // A log session is how log lines are read, a search asks in a body, and git asks for what it fetches in a body. Everybody may leave an app, and
    // the operation asks for more of others.
    expect(weak.sort()).toEqual(['createLogSession', 'destroyCollaborator', 'searchLog', 'uploadPack'])
  })

  test('deploy at least where values of config vars are told, or could be guessed', () => {
    const telling = names.filter((name) => /config-vars|release-links/.test(endpoints[name].path))
    for (const name of telling) expect([name, endpoints[name].needs]).toEqual([name, 'deploy'])
  })

  test('manage where an app ends or gets another name', () => {
    expect(endpoints.destroyApp.needs).toBe('manage')
    expect(endpoints.updateApp.fieldNeeds.name).toBe('manage')
  })
})
