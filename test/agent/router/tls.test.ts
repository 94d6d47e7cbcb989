// TLS at the router: real handshakes over loopback, with certificates of an authority that the test made.
import { X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { type Certified, makeAuthority, makeLeaf } from '../../../agent/certificates/x509.ts'
import type { RoutedApp } from '../../../agent/core/ports/routing/router-control.ts'
import { limits } from '../../../agent/router/limits.ts'
import { readClientHello } from '../../../agent/router/tls/client-hello.ts'
import { SecureContexts } from '../../../agent/router/tls/secure-contexts.ts'
import { TicketSecret } from '../../../agent/router/tls/ticket-secret.ts'
import { eventually, get, openRouted, type Routed } from './routed.ts'

const day = 24 * 60 * 60_000
const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) }
let authority: Certified
let exact: Certified
let wildcard: Certified
let routed: Routed
const clients = new Set<Socket>()

beforeAll(async () => {
  authority = await makeAuthority('Test authority', validity, null)
  exact = await makeLeaf(authority, ['blog.test'], validity)
  wildcard = await makeLeaf(authority, ['*.apps.test'], validity)
})

afterEach(async () => {
  for (const client of clients) client.destroy()
  clients.clear()
  await routed.close()
})

const routedPair = (hostnames: readonly string[], { certificate, key }: Certified) => ({ hostnames, certificate, key })

async function open(app: Partial<RoutedApp> = {}, timeouts = {}): Promise<void> {
  routed = await openRouted(timeouts)
  const dyno = await routed.httpDyno((request, response) => {
    if (request.url === '/slow') return void response.write('begun')
    if (request.url === '/strict') response.setHeader('Strict-Transport-Security', 'max-age=7')
    response.end(JSON.stringify(request.headers))
  })
  await routed.route({
    dynos: [dyno],
    hostnames: ['blog.test', 'shop.apps.test', 'cart.apps.test'],
    certificates: [routedPair(['*.apps.test'], wildcard), routedPair(['blog.test'], exact)],
    ...app,
  })
}

interface Dialled {
  readonly socket: TLSSocket
  readonly answer: () => string
}

/** Resolves once the handshake is over; rejects with what was wrong with it. */
function dial(options: ConnectionOptions = {}): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    const defaults = {
      port: routed.tlsPort,
      servername: 'blog.test',
      ca: authority.certificate,
      ALPNProtocols: ['http/1.1'],
    }
    const socket = connectTls({ ...defaults, ...options })
    clients.add(socket)
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.once('error', reject)
    socket.once('secureConnect', () => resolve({ socket, answer: () => answer }))
  })
}

async function ask(text: string, options?: ConnectionOptions): Promise<string> {
  const { socket, answer } = await dial(options)
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write(text)
  await closed
  return answer()
}

/** What comes back for bytes that are no TLS of Node's. */
function send(bytes: Buffer | string, port = routed.tlsPort): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    clients.add(socket)
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {})
    socket.on('close', () => resolve(Buffer.concat(chunks)))
    socket.write(bytes)
  })
}

test('a request over TLS reaches its dyno as https, and its line says which TLS', async () => {
  await open()
  const answer = await ask(get('/'))
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
  expect(answer).toContain('"x-forwarded-proto":"https"')
  expect(answer).toContain(`"x-forwarded-port":"${routed.tlsPort}"`)
  expect(await routed.line()).toMatch(/ status=200 .* protocol=http1\.1 tls=true tls_version=tls1\.3$/)
})

test('each name is shown its own certificate, else the one with a wildcard', async () => {
  await open()
  const shown = async (servername: string) =>
    (await dial({ servername })).socket.getPeerX509Certificate()?.subjectAltName
  expect(await shown('blog.test')).toBe('DNS:blog.test')
  expect(await shown('shop.apps.test')).toBe('DNS:*.apps.test')
  expect(await shown('BLOG.test')).toBe('DNS:blog.test')
  expect(await shown('blog.test.')).toBe('DNS:blog.test')
})

test('a name without a certificate, of no app, or none at all is refused with an alert, and its app is told', async () => {
  await open({ certificates: [routedPair(['blog.test'], exact)] })
  await expect(dial({ servername: 'shop.apps.test' })).rejects.toThrow(/unrecognized.name/i)
  await expect(dial({ servername: 'nobody.test' })).rejects.toThrow(/unrecognized.name/i)
  await expect(dial({ servername: '' })).rejects.toThrow(/unrecognized.name/i)
  expect(await routed.line()).toMatch(
    /^at=error code=H32 desc="TLS Certificate Mismatch" .* host=shop\.apps\.test .* status=495 /,
  )
})

test('a connection is good for the names of its certificate, and no other app answers on it', async () => {
  await open()
  const byAgent = get('/', 'shop.apps.test').replace('\r\n\r\n', '\r\nUser-Agent: old "bot"\r\n\r\n')
  expect(await ask(byAgent)).toMatch(/^HTTP\/1\.1 421 Misdirected Request/)
  expect(await routed.line()).toMatch(
    /^at=error code=H31 desc="Misdirected Request" .* status=421 bytes= .* agent="old %22bot%22"$/,
  )
  // With a wildcard, browsers use one connection for several names.
  expect(await ask(get('/', 'cart.apps.test'), { servername: 'shop.apps.test' })).toMatch(/^HTTP\/1\.1 200/)
})

test('an app with a wildcard for its domain answers over TLS for whoever it covers, but for names of others', async () => {
  await open()
  const dyno = await routed.httpDyno((_request, response) => response.end('all'))
  const all = { hostnames: ['*.apps.test'], certificates: [routedPair(['*.apps.test'], wildcard)], dynos: [dyno] }
  await routed.route(all, { hostnames: ['own.apps.test'], dynos: [dyno] })
  const askOver = (host: string, servername: string) => ask(get('/', host), { servername })
  expect(await askOver('any.apps.test', 'any.apps.test')).toMatch(/^HTTP\/1\.1 200 [\s\S]*all$/)
  expect(await askOver('own.apps.test', 'any.apps.test')).toMatch(/^HTTP\/1\.1 421 /)
  await expect(dial({ servername: 'own.apps.test' })).rejects.toThrow(/unrecognized.name/i)
  await expect(dial({ servername: 'a.b.apps.test' })).rejects.toThrow(/unrecognized.name/i)
})

test('HTTP/2 is spoken with whoever offers it, and nothing with who offers only what we do not know', async () => {
  await open()
  const session = connectHttp2(`https://blog.test:${routed.tlsPort}`, {
    ca: authority.certificate,
    createConnection: () =>
      connectTls({ port: routed.tlsPort, servername: 'blog.test', ca: authority.certificate, ALPNProtocols: ['h2'] }),
  })
  const body = await new Promise<string>((resolve, reject) => {
    let text = ''
    const stream = session.request({ ':path': '/', ':authority': 'blog.test' })
    stream.on('data', (chunk) => {
      text += chunk
    })
    stream
      .on('end', () => resolve(text))
      .on('error', reject)
      .end()
    session.on('error', reject)
  })
  session.close()
  expect(body).toContain('"x-forwarded-proto":"https"')
  expect(await routed.line()).toMatch(/ protocol=http2\.0 tls=true tls_version=tls1\.3$/)
  await expect(dial({ ALPNProtocols: ['smtp'] })).rejects.toThrow(/no.application.protocol/i)
})

test('TLS 1.2 is spoken with good ciphers, and nothing older', async () => {
  await open()
  const { socket } = await dial({ maxVersion: 'TLSv1.2' })
  expect(socket.getProtocol()).toBe('TLSv1.2')
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } as const
  await expect(dial(old)).rejects.toThrow(/protocol.version/i)
  await expect(dial({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' })).rejects.toThrow(/handshake.failure/i)
})

test('keys are agreed on so that no quantum computer finds them later, with who can', async () => {
  await open()
  const agreed = async (ecdhCurve: string) => (await dial({ ecdhCurve })).socket.getEphemeralKeyInfo()
  expect(await agreed('X25519MLKEM768:X25519')).toMatchObject({ name: 'X25519MLKEM768' })
  expect(await agreed('X25519')).toMatchObject({ name: 'X25519' })
})

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`a session of ${maxVersion} is resumed, also after a restart of the router`, async () => {
    await open()
    const { socket } = await dial({ maxVersion })
    const sessions: Buffer[] = []
    socket.on('session', (session) => sessions.push(session))
    socket.write(get('/'))
    const session = await eventually(() => sessions[0] ?? (maxVersion === 'TLSv1.2' ? socket.getSession() : null))
    expect((await dial({ maxVersion, session })).socket.isSessionReused()).toBe(true)
    for (const client of clients) client.destroy()
    await routed.restart()
    expect((await dial({ maxVersion, session })).socket.isSessionReused()).toBe(true)
    // A session of one certificate is worth nothing with another.
    expect((await dial({ maxVersion, session, servername: 'shop.apps.test' })).socket.isSessionReused()).toBe(false)
  })

  test('a new certificate is for the next connection, and those that run go on', async () => {
    await open()
    const { socket, answer } = await dial()
    const before = socket.getPeerX509Certificate()?.fingerprint256
    socket.write('GET /slow HTTP/1.1\r\nHost: blog.test\r\n\r\n')
    await eventually(() => answer().includes('begun'))
    const next = await makeLeaf(authority, ['blog.test'], validity)
    const dyno = await routed.httpDyno((_, response) => response.end('new'))
    await routed.route({ hostnames: ['blog.test'], certificates: [routedPair(['blog.test'], next)], dynos: [dyno] })
    const after = (await dial()).socket.getPeerX509Certificate()?.fingerprint256
    expect(after).toBe(new X509Certificate(next.certificate).fingerprint256)
    expect(after).not.toBe(before)
    expect(socket.destroyed).toBe(false)
    const { socket: kept, answer: said } = await dial()
    kept.write('GET / HTTP/1.1\r\nHost: blog.test\r\n\r\n')
    await eventually(() => said().endsWith('\r\n\r\nnew') || said().includes('new'))
  })
}

test('a key that does not fit its certificate keeps nobody else from being served', async () => {
  await open({
    certificates: [
      routedPair(['blog.test'], { certificate: exact.certificate, key: wildcard.key }),
      routedPair(['shop.apps.test'], wildcard),
    ],
  })
  await expect(dial()).rejects.toThrow(/internal.error/i)
  expect(await ask(get('/', 'shop.apps.test'), { servername: 'shop.apps.test' })).toMatch(/^HTTP\/1\.1 200/)
})

test('who asks over http is sent to https where that is wanted and can be had', async () => {
  await open({ httpsOnly: true, certificates: [routedPair(['blog.test'], exact)] })
  const to = `https://blog.test:${routed.tlsPort}/a?b=1`
  const answer = await routed.ask(get('/a?b=1'))
  expect(answer).toMatch(/^HTTP\/1\.1 301 Moved Permanently/)
  expect(answer).toContain(`\r\nlocation: ${to}\r\n`)
  expect(await routed.line()).toMatch(/^at=info method=GET path="\/a\?b=1" .* status=301 /)
  const post = 'POST /a?b=1 HTTP/1.1\r\nHost: blog.test\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi'
  expect(await routed.ask(post)).toMatch(/^HTTP\/1\.1 308 Permanent Redirect/)
  // Nobody is sent to where nothing answers.
  expect(await routed.ask(get('/', 'shop.apps.test'))).toMatch(/^HTTP\/1\.1 200/)
  expect(await ask(get('/'))).toMatch(/^HTTP\/1\.1 200/)
})

test('browsers are told to insist on https only over https, and not when the app says so itself', async () => {
  await open({ hstsSeconds: 31_536_000 })
  expect(await ask(get('/'))).toContain('\r\nStrict-Transport-Security: max-age=31536000\r\n')
  expect(await routed.ask(get('/'))).not.toMatch(/strict-transport/i)
  expect((await ask(get('/strict'))).match(/strict-transport-security: .*/gi)).toEqual([
    'Strict-Transport-Security: max-age=7',
  ])
})

test('challenges of an authority are answered in whatever state the app is, and before it is sent to https', async () => {
  const proof = await makeLeaf(authority, ['blog.test'], validity)
  await open({
    state: 'stopped',
    dynos: [],
    httpsOnly: true,
    challenges: [
      { kind: 'http-01', token: 'abc', answer: 'abc.thumb' },
      { kind: 'tls-alpn-01', hostname: 'blog.test', ...proof },
    ],
  })
  expect(await routed.ask(get('/.well-known/acme-challenge/abc'))).toMatch(
    /^HTTP\/1\.1 200 OK[\s\S]*\r\n\r\nabc\.thumb$/,
  )
  expect(await routed.ask(get('/.well-known/acme-challenge/abd'))).toMatch(/^HTTP\/1\.1 301/)
  const { socket } = await dial({ ALPNProtocols: ['acme-tls/1'] })
  expect(socket.alpnProtocol).toBe('acme-tls/1')
  expect(socket.getPeerX509Certificate()?.fingerprint256).toBe(new X509Certificate(proof.certificate).fingerprint256)
  await eventually(() => socket.destroyed)
  await expect(dial({ ALPNProtocols: ['acme-tls/1'], servername: 'shop.apps.test' })).rejects.toThrow(
    /unrecognized.name/i,
  )
})

test('http on the port for https is told so', async () => {
  await open()
  expect((await send(get('/'))).toString()).toMatch(/^HTTP\/1\.1 400 Bad Request[\s\S]*speaks https/)
  expect((await send(Buffer.from([0x80, 0x2e, 1, 0, 2]))).toString('hex')).toBe('15030300020232')
})

test('a first message without an end, or out of a thousand pieces, is refused', async () => {
  await open()
  const endless = Buffer.concat([Buffer.from([22, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff]), Buffer.alloc(17_000)])
  expect((await send(endless)).toString('hex')).toBe('15030300020232')
  const piece = Buffer.from([22, 3, 1, 0, 1, 1])
  expect((await send(Buffer.concat(Array(1000).fill(piece)))).toString('hex')).toBe('15030300020232')
})

test('handshakes that never end are let go, silent ones too', async () => {
  await open({}, { handshakeMs: 30 })
  expect((await send(Buffer.from([22, 3, 1]))).length).toBe(0)
  const silent = connect(routed.tlsPort, '127.0.0.1')
  clients.add(silent)
  silent.on('error', () => {})
  await new Promise((resolve) => silent.once('close', resolve))
  await eventually(async () => (await routed.control.status()).connections === 0)
})

test('handshakes beyond their number make room, the oldest first', async () => {
  await open()
  const first = connect(routed.tlsPort, '127.0.0.1')
  clients.add(first)
  const isClosed = new Promise((resolve) => first.on('error', () => {}).once('close', resolve))
  await eventually(async () => (await routed.control.status()).connections === 1)
  for (let count = 0; count < limits.handshakes; count++) {
    const client = connect(routed.tlsPort, '127.0.0.1')
    client.on('error', () => {})
    clients.add(client)
  }
  await isClosed
  expect(await ask(get('/'))).toMatch(/^HTTP\/1\.1 200/)
})

test('another handshake on the same connection is not to be had', async () => {
  await open()
  const { socket } = await dial({ maxVersion: 'TLSv1.2' })
  const outcome = await new Promise<Error | null>((resolve) => {
    socket.once('error', resolve)
    socket.renegotiate({}, resolve)
  })
  expect(String(outcome)).toMatch(/renegotiation|closed|reset/i)
})

test('a client that is cut off over TLS knows that its answer is not whole', async () => {
  await open({}, { idleMs: 30 })
  const { socket, answer } = await dial()
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
    socket.on('end', () => resolve('whole'))
  })
  socket.write('GET /slow HTTP/1.1\r\nHost: blog.test\r\n\r\n')
  expect(await ended).toBe('ECONNRESET')
  expect(answer()).toContain('begun')
})

test('of certificates that are ready to be shown the one that was longest not asked for makes room', () => {
  const contexts = new SecureContexts(new TicketSecret('/nowhere', false), 2)
  const of = (nth: number) => contexts.of({ ...exact, certificate: exact.certificate + '\n'.repeat(nth) })
  const [first, second] = [of(1), of(2)]
  expect(of(1)).toBe(first)
  const third = of(3)
  expect([of(1), of(3)]).toEqual([first, third])
  expect(of(1)).toBe(first)
  expect(of(2)).not.toBe(second)
})

test('what the router keeps of keys and sessions is its own to read', async () => {
  await open()
  expect((await dial()).socket.authorized).toBe(true)
  const folder = join(routed.tablePath, '..')
  for (const file of ['routes.json', 'tickets.key']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
})

test('a first message is read as it arrives, byte for byte, and never beyond its end', async () => {
  const bytes = await new Promise<Buffer>((resolve) => {
    const server = createServer((socket: Socket) =>
      socket.once('data', (read) => {
        server.close()
        socket.destroy()
        resolve(read)
      }),
    )
    server.listen(0, '127.0.0.1', () => {
      const client = connectTls({
        port: (server.address() as AddressInfo).port,
        servername: 'Blog.Test',
        ALPNProtocols: ['h2', 'http/1.1'],
      })
      client.on('error', () => {})
    })
  })
  expect(readClientHello(bytes)).toEqual({ serverName: 'blog.test', protocols: ['h2', 'http/1.1'] })
  for (let length = 0; length < bytes.length; length++) expect(readClientHello(bytes.subarray(0, length))).toBe('more')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 0xff
    const read = readClientHello(changed)
    expect(typeof read === 'string' || Array.isArray(read.protocols)).toBe(true)
  }
})
