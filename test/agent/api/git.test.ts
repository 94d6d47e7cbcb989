import { mkdtemp, rm } from 'node:fs/promises'
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ConnectOptions, connect } from '../../../agent/access/connect.ts'
import { openKeys } from '../../../agent/access/keys.ts'
import { readToken } from '../../../agent/access/token.ts'
import { type Api, openApi } from '../../../agent/api/server.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { GitSession, GitSessionEnd } from '../../../agent/core/ports/git-repositories.ts'
import type { GitRequest } from '../../../agent/operations/git/serve-git.ts'
import type { Platform } from '../../../agent/operations/platform.ts'
import { until } from '../../tooling/until.ts'

vi.setConfig({ testTimeout: 60_000 })

/** A git that says what it was asked and what it was sent, and ends as a test wants. */
class Echo implements GitSession {
  readonly input = new PassThrough()
  readonly output = new PassThrough()
  readonly ended = Promise.withResolvers<GitSessionEnd>()
  readonly end = this.ended.promise
  isAbandoned = false

  abandon(): void {
    this.isAbandoned = true
    this.output.destroy()
    this.ended.resolve({ status: 1, message: '' })
  }

  async answer(end: GitSessionEnd = { status: 0, message: '' }): Promise<void> {
    this.output.end(`got ${await text(this.input)}`)
    this.ended.resolve(end)
  }
}

let folder: string
let api: Api
let client: ClientHttp2Session | null
let asked: GitRequest[]
let session: Echo
let serve: (request: GitRequest) => Promise<GitSession>
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-git-api-'))
  const { mintKey } = await openKeys(folder)
  asked = []
  session = new Echo()
  serve = async () => session
  const socketPath = join(folder, 'agent.sock')
  api = await openApi({
    platform: {
      authorize: () => {},
      onReduced: () => () => {},
      admit: () => 1,
      warning: () => null,
      serveGit(request: GitRequest) {
        asked.push(request)
        return serve(request)
      },
    } as unknown as Platform,
    authenticate: (token) => {
      const owner = token === 'good' ? { id: crypto.randomUUID(), email: 'ann@laptop' } : readToken(mintKey, token, 1)
      return owner && { ...owner, keyId: null }
    },
    socketPath,
    socketMode: 0o600,
    logError: () => {},
  })
  client = null
})
afterEach(async () => {
  client?.destroy()
  await api.close()
  await rm(folder, { recursive: true })
})

function open(service: string, headers: Record<string, string> = {}): ClientHttp2Stream {
  client ??= http2.connect('http://agent', { createConnection: () => net.connect(join(folder, 'agent.sock')) })
  const where = `/apps/shop/git/${service}`
  const stream = client.request({ ':method': 'POST', ':path': where, authorization: 'Bearer good', ...headers })
  stream.on('error', () => {})
  return stream
}

const once = (stream: ClientHttp2Stream, event: 'response' | 'trailers' | 'headers') =>
  new Promise<IncomingHttpHeaders>((resolve) => stream.once(event, resolve))

describe('git over the API', () => {
  test('joins both streams, and ends with the exit status and what was said besides', async () => {
    void session.answer({ status: 3, message: 'fatal: äh' })
    const stream = open('git-receive-pack', { 'git-protocol': 'version=2' })
    const [response, trailers] = [once(stream, 'response'), once(stream, 'trailers')]
    stream.end('hello')
    expect(await text(stream)).toBe('got hello')
    expect(await response).toMatchObject({ ':status': 200, 'content-type': 'application/octet-stream' })
    expect(await trailers).toMatchObject({ 'hearth-exit-code': '3', 'hearth-message': 'fatal%3A%20%C3%A4h' })
    expect(asked).toMatchObject([{ service: 'git-receive-pack', app: 'shop', mode: 'session', protocol: 'version=2' }])
  })

  test('unpacks a body that came gzipped', async () => {
    void session.answer()
    const stream = open('git-upload-pack', { 'hearth-git': 'rpc', 'content-encoding': 'gzip' })
    const response = once(stream, 'response')
    stream.end(gzipSync('hello'))
    expect(await text(stream)).toBe('got hello')
    expect((await response)['content-type']).toBe('application/x-git-upload-pack-result')
  })

  test('takes a damaged gzipped body for one that ended early', async () => {
    void session.answer()
    const stream = open('git-upload-pack', { 'hearth-git': 'rpc', 'content-encoding': 'gzip' })
    stream.end('no gzip')
    expect(await text(stream)).toBe('got ')
  })

  test.each([
    ['git-receive-pack', 'version=2', '001f# service=git-receive-pack\n0000got '],
    ['git-upload-pack', 'version=1', '001e# service=git-upload-pack\n0000got '],
    ['git-upload-pack', 'version=2', 'got '],
  ])('begins what %s advertises in %s as HTTP clients expect', async (service, version, expected) => {
    void session.answer()
    const stream = open(service, { 'hearth-git': 'advertise', 'git-protocol': version })
    stream.end()
    expect(await text(stream)).toBe(expected)
  })

  test.each(['version=3', 'version=2:side=1', 'version=2; id', '../x'])(
    'keeps the protocol %j from git',
    async (version) => {
      void session.answer()
      open('git-upload-pack', { 'git-protocol': version }).end()
      await until(() => expect(asked).toMatchObject([{ protocol: null }]))
    },
  )

  test('refuses a mode that it does not know', async () => {
    const stream = open('git-upload-pack', { 'hearth-git': 'everything' })
    stream.end()
    expect((await once(stream, 'response'))[':status']).toBe(400)
  })

  test('tells the user why nothing happens yet, before git does', async () => {
    const told = Promise.withResolvers<void>()
    serve = async ({ notify }) => {
      notify('Waiting: äh')
      await told.promise
      return session
    }
    const stream = open('git-receive-pack')
    const notice = await once(stream, 'headers')
    expect(decodeURIComponent(String(notice['hearth-notice']))).toBe('Waiting: äh')
    void session.answer()
    told.resolve()
    stream.end('x')
    expect(await text(stream)).toBe('got x')
  })

  test('leaves the conversation when the client goes, even with more on the way than anybody reads', async () => {
    const stream = open('git-receive-pack')
    await once(stream, 'response')
    for (let index = 0; index < 64; index += 1) stream.write(Buffer.alloc(1 << 16))
    await until(() => expect(session.input.writableLength).toBeGreaterThan(0))
    stream.close()
    await until(() => expect(session.isAbandoned).toBe(true))
  })

  test('tells whoever waits when the client went', async () => {
    const gone = Promise.withResolvers<void>()
    serve = async ({ signal }) => {
      signal.addEventListener('abort', () => gone.resolve())
      await gone.promise
      return session
    }
    const stream = open('git-receive-pack')
    await until(() => expect(asked).toHaveLength(1))
    stream.close()
    await gone.promise
    await until(() => expect(session.isAbandoned).toBe(true))
  })
})

describe('git by the forced command', () => {
  let said: string[]
  let output: PassThrough
  let input: PassThrough
  beforeEach(() => {
    said = []
    output = new PassThrough()
    input = new PassThrough()
  })
  const run = (originalCommand: string, more: Partial<ConnectOptions> = {}) =>
    connect({
      keyId: 'ann@laptop',
      originalCommand,
      gitProtocol: '',
      keyDirectory: folder,
      socketPath: join(folder, 'agent.sock'),
      authorizedKeysPath: null,
      input,
      output,
      say: (line) => said.push(line),
      nowMs: 0,
      ...more,
    })

  test('passes bytes, the exit status, and what was said besides', async () => {
    void session.answer({ status: 5, message: 'fatal: no' })
    input.end('hello')
    expect(await run("git-receive-pack 'shop.git'", { gitProtocol: 'version=2' })).toBe(5)
    output.end()
    expect(await text(output)).toBe('got hello')
    expect(said).toEqual(['fatal: no'])
    expect(asked).toMatchObject([
      {
        actor: { email: 'ann@laptop' },
        app: 'shop',
        service: 'git-receive-pack',
        mode: 'session',
        protocol: 'version=2',
      },
    ])
  })

  test('shows notices at once', async () => {
    serve = async ({ notify }) => {
      notify('Waiting')
      return session
    }
    void session.answer()
    input.end()
    await run('git-upload-pack shop')
    expect(said).toEqual(['Waiting'])
  })

  test("tells a refusal in git's own way, which shows it as the reason", async () => {
    serve = async () => {
      throw new HearthError('forbidden', 'Pushing needs the role deploy\non shop.')
    }
    expect(await run("git-receive-pack 'shop.git'")).toBe(1)
    output.end()
    expect(await text(output)).toBe('002fERR Pushing needs the role deploy on shop.\n')
  })

  test('ends when its client is gone', async () => {
    // As standard output is: it fails, and never closes.
    const broken = new Writable({ autoDestroy: false, write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
    const running = run("git-receive-pack 'shop.git'", { output: broken })
    await until(() => expect(asked).toHaveLength(1))
    // Neither side reads any more, and the client's own end has been said.
    for (let index = 0; index < 64; index += 1) input.write(Buffer.alloc(1 << 16))
    input.end()
    for (let index = 0; index < 64; index += 1) session.output.write(Buffer.alloc(1 << 16))
    await expect(running).rejects.toThrow('ended the connection')
    await until(() => expect(session.isAbandoned).toBe(true))
  })

  test('ends with an agent that is killed', async () => {
    await api.close()
    const settings = Buffer.from('000000040000000000', 'hex')
    const server = net.createServer((socket) => void socket.write(settings))
    const connection = new Promise<net.Socket>((resolve) => server.once('connection', resolve))
    await new Promise<void>((resolve) => server.listen(join(folder, 'agent.sock'), resolve))
    const running = run("git-upload-pack 'shop.git'")
    const socket = await connection
    await new Promise((resolve) => socket.once('data', resolve))
    socket.destroy()
    await expect(running).rejects.toThrow('ended the connection')
    await new Promise((resolve) => server.close(resolve))
  })

  test('says that the agent went, or was not there', async () => {
    const running = run("git-upload-pack 'shop.git'")
    await until(() => expect(asked).toHaveLength(1))
    await api.close()
    await expect(running).rejects.toThrow(/ended the connection|not running/)
    await expect(run("git-upload-pack 'shop.git'")).rejects.toThrow('not running')
  })

  test('asks for nothing when the command is not for it', async () => {
    await expect(run("git-receive-pack '../shop.git'")).rejects.toThrow('my-app.git')
    await expect(run("git-lfs-authenticate 'shop.git' upload")).rejects.toThrow('LFS')
    expect(asked).toEqual([])
  })
})
