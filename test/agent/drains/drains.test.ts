import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import net, { type AddressInfo, type Server, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import tls from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { parseDrainUrl } from '../../../agent/core/logs/drain-url.ts'
import { openDrains } from '../../../agent/drains/drains.ts'
import { renderFrames } from '../../../agent/drains/frames.ts'
import { isGuarded } from '../../../agent/exec/guarded-lookup.ts'
import { until } from '../../tooling/until.ts'
import { makeCertificate } from './certificate.ts'

const token = 'd.3f2b'
const time = '2026-11-21T03:45:12.123456+00:00'
const lines = Buffer.from(`${time} app[web.1]: grüezi\n${time} heroku[router]: at=info\n${time} heroku[web.1]: up\n`)
const framed = (host: string) =>
  [
    `<190>1 ${time} ${host} app web.1 - grüezi`,
    `<158>1 ${time} ${host} heroku router - at=info`,
    `<45>1 ${time} ${host} heroku web.1 - up`,
  ]
    .map((text) => `${Buffer.byteLength(`${text}\n`)} ${text}\n`)
    .join('')

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function open(url: string, allowsOwnAddresses = true) {
  const drain = openDrains({ allowsOwnAddresses }).open({ url, token })
  closers.push(() => drain.close())
  return drain
}

const signal = new AbortController().signal

/** Trusts a certificate as the machine's own store would. */
function trust(cert: string): void {
  const before = tls.getCACertificates('default')
  tls.setDefaultCACertificates([...before, cert])
  closers.push(() => tls.setDefaultCACertificates(before))
}

describe('frames', () => {
  it('are counted in bytes and name source, process and priority as Heroku does', () => {
    expect(renderFrames(lines, 'host')).toEqual({ bytes: Buffer.from(framed('host')), count: 3 })
  })

  it('keep bytes that are no text, and lines without a prefix of ours', () => {
    const odd = Buffer.concat([Buffer.from(`${time} app[web.1]: `), Buffer.of(0xff, 0x00), Buffer.from('\nbare\n')])
    const { bytes, count } = renderFrames(odd, 'host')
    expect(count).toBe(2)
    expect(bytes.includes(Buffer.of(0xff, 0x00, 0x0a))).toBe(true)
    expect(bytes.toString('latin1')).toContain('<45>1 - host heroku - - bare\n')
  })
})

describe('a drain over HTTP', () => {
  async function serve(answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void) {
    const server = http.createServer(async (request, response) => answer(request, response, await buffer(request)))
    return `http://me:pass@127.0.0.1:${await listen(server)}/logs?x=1`
  }

  it('gets POSTs in Heroku’s form, over one connection', async () => {
    const seen: { head: IncomingMessage; body: string }[] = []
    const url = await serve((head, response, body) => {
      seen.push({ head, body: body.toString() })
      response.end('ignored')
    })
    const drain = open(url)
    for (const frame of ['f1', 'f2']) expect(await drain.send(lines, frame, signal)).toEqual({ kind: 'taken' })
    const [first, second] = seen
    expect(first?.head).toMatchObject({ method: 'POST', url: '/logs?x=1' })
    expect(first?.head.headers).toMatchObject({
      'content-type': 'application/logplex-1',
      'logplex-msg-count': '3',
      'logplex-frame-id': 'f1',
      'logplex-drain-token': token,
      authorization: `Basic ${Buffer.from('me:pass').toString('base64')}`,
    })
    expect(first?.body).toBe(framed('host'))
    expect(second?.head.socket).toBe(first?.head.socket)
  })

  it.each([
    [400, 'refused'],
    [302, 'refused'],
    [429, 'later'],
    [503, 'later'],
  ])('that answers %i is asked %s', async (status, expected) => {
    const url = await serve((_, response) => response.writeHead(status).end())
    const sending = open(url).send(lines, 'f', signal)
    if (expected === 'refused') expect(await sending).toEqual({ kind: 'refused', reason: `it answered ${status}` })
    else await expect(sending).rejects.toThrow(`it answered ${status}`)
  })

  it('that goes away is an error, and so is an abort', async () => {
    const url = await serve((request) => request.socket.destroy())
    await expect(open(url).send(lines, 'f', signal)).rejects.toThrow()
    const silent = await serve(() => {})
    await expect(open(silent).send(lines, 'f', AbortSignal.timeout(50))).rejects.toThrow()
  })

  it('is verified when it is encrypted', async () => {
    const pair = makeCertificate()
    const server = https.createServer(pair, (_, response) => response.end())
    const url = `https://127.0.0.1:${await listen(server)}/`
    await expect(open(url).send(lines, 'f', signal)).rejects.toThrow(/self-signed/)
    trust(pair.cert)
    expect(await open(url).send(lines, 'f', signal)).toEqual({ kind: 'taken' })
  })
})

describe('a drain over syslog', () => {
  it('gets frames with its token over one connection, and over a new one when that is gone', async () => {
    const received: string[] = []
    const connections: Socket[] = []
    const port = await listen(
      net.createServer((socket) => {
        connections.push(socket)
        socket.on('data', (chunk) => received.push(chunk.toString()))
      }),
    )
    const drain = open(`syslog://127.0.0.1:${port}`)
    await drain.send(lines, 'f', signal)
    await drain.send(lines, 'f', signal)
    await until(() => expect(received.join('')).toBe(framed(token).repeat(2)))
    expect(connections).toHaveLength(1)
    connections[0]?.destroy()
    // The end takes a moment to be seen; what is written meanwhile may be lost, as syslog has it.
    await until(async () => {
      await drain.send(lines, 'f', signal)
      expect(connections).toHaveLength(2)
    })
  })

  it('is verified when it is encrypted', async () => {
    const pair = makeCertificate()
    const received: string[] = []
    const port = await listen(
      tls.createServer(pair, (socket) => socket.on('data', (chunk: Buffer) => received.push(chunk.toString()))),
    )
    const url = `syslog+tls://127.0.0.1:${port}`
    await expect(open(url).send(lines, 'f', signal)).rejects.toThrow(/self-signed/)
    trust(pair.cert)
    await open(url).send(lines, 'f', signal)
    await until(() => expect(received.join('')).toBe(framed(token)))
  })

  it('that is not there is an error', async () => {
    await expect(open('syslog://127.0.0.1:1').send(lines, 'f', signal)).rejects.toThrow('ECONNREFUSED')
  })
})

describe('on a server', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '169.254.169.254',
    '::1',
    '::',
    'fe80::1',
    '::ffff:127.0.0.1',
    'ff02::1',
  ])('nothing is sent to %s', (address) => {
    expect(isGuarded(address)).toBe(true)
  })

  it.each(['192.168.1.7', '10.0.0.1', '203.0.113.9', 'fd00::1', '2001:db8::1'])('%s is a place for logs', (address) => {
    expect(isGuarded(address)).toBe(false)
  })

  it('a name that leads to the server itself is as good as its address', async () => {
    let asked = 0
    const port = await listen(net.createServer(() => asked++))
    for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]']) {
      const answer = await open(`http://${host}:${port}/`, false).send(lines, 'f', signal)
      expect(answer).toMatchObject({ kind: 'refused', reason: expect.stringContaining('the server itself') })
    }
    for (const url of [`http://localhost:${port}/`, `syslog://localhost:${port}`]) {
      await expect(open(url, false).send(lines, 'f', signal)).rejects.toThrow('the server itself')
    }
    expect(asked).toBe(0)
  })
})

describe('a drain’s URL', () => {
  it.each([
    ['https://logs.example/x', 'http', 443],
    ['http://10.0.0.1:3100/x', 'http', 3100],
    ['syslog+tls://logs.example', 'syslog', 6514],
    ['syslog://[fd00::1]:99', 'syslog', 99],
  ])('%s is understood', (url, kind, port) => {
    expect(parseDrainUrl(url)).toMatchObject({ kind, port })
  })

  it.each(['', 'logs.example', 'ftp://x/', 'https://', 'file:///etc/passwd', 'syslog://u:hunter2@'])(
    '%j is refused, without being repeated',
    (url) => {
      expect(() => parseDrainUrl(url)).toThrow(/^Url is invalid: a drain is https/)
      expect(() => parseDrainUrl(url)).not.toThrow(/hunter2/)
    },
  )
})
