// Behind an existing proxy: whose word is taken, and what is before a connection's own bytes.

import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { readProxyHeader } from '../../../../agent/router/client/proxy-header.ts'
import { makeCertified } from '../../certificates/made.ts'
import { openRouted, type Routed } from '../routed.ts'

let routed: Routed
afterEach(() => routed?.close())

async function open(trusted: string[], protocol = false, app = {}): Promise<void> {
  routed = await openRouted({ handshakeMs: 200 }, { proxies: { trusted, protocol } })
  const dyno = await routed.httpDyno((request, response) => response.end(JSON.stringify(request.headers)))
  await routed.route({ dynos: [dyno], hostnames: ['blog.test'], ...app })
}

const request = (lines = '') => `GET / HTTP/1.1\r\nHost: blog.test\r\n${lines}Connection: close\r\n\r\n`
const headersOf = (answer: string): Record<string, string> => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n{') + 4))
const said = 'X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: https\r\n'

test('a trusted proxy is believed whom it speaks for and how, anybody else is not', async () => {
  await open(['127.0.0.0/8'])
  expect(headersOf(await routed.ask(request(said)))).toMatchObject({
    'x-forwarded-for': '198.51.100.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '443',
  })
  expect(await routed.line()).toContain('fwd="198.51.100.7"')
  await routed.close()
  await open(['192.0.2.0/24', 'fd00::/8'])
  expect(headersOf(await routed.ask(request(said)))).toMatchObject({
    'x-forwarded-for': '198.51.100.7, 127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': String(routed.port),
  })
})

test('who came to the proxy over https is not sent there once more, and who did not is', async () => {
  await open(['127.0.0.1'], false, { httpsOnly: true })
  expect(await routed.ask(request(said))).toMatch(/^HTTP\/1\.1 200/)
  const answer = await routed.ask(request('X-Forwarded-Proto: http\r\n'))
  expect(answer).toMatch(/^HTTP\/1\.1 301/)
  expect(answer).toContain('\r\nlocation: https://blog.test/\r\n')
})

test('browsers are told to insist on https through a trusted proxy too, if it says that they came over it', async () => {
  await open(['127.0.0.1'], false, { hstsSeconds: 60 })
  expect(await routed.ask(request(said))).toContain('\r\nStrict-Transport-Security: max-age=60\r\n')
  expect(await routed.ask(request())).not.toContain('Strict-Transport-Security')
})

const v2 = (command: number, family: number, addresses: number[]): Buffer =>
  Buffer.concat([
    Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1'),
    Buffer.from([0x20 | command, family, 0, addresses.length, ...addresses]),
  ])
const v4 = [198, 51, 100, 8, 127, 0, 0, 1, 0, 80, 0, 80]
const v6 = [0x20, 1, 0x0d, 0xb8, ...Array(11).fill(0), 9, ...Array(16).fill(0), 0, 80, 0, 80]

const headers: [string, Buffer, string | null][] = [
  ['version 1', Buffer.from('PROXY TCP4 198.51.100.8 127.0.0.1 50000 80\r\n'), '198.51.100.8'],
  ['version 1 with IPv6', Buffer.from('PROXY TCP6 2001:db8::9 ::1 50000 80\r\n'), '2001:db8::9'],
  ['version 1 of nobody', Buffer.from('PROXY UNKNOWN\r\n'), null],
  ['version 2', v2(1, 0x11, v4), '198.51.100.8'],
  ['version 2 with IPv6', v2(1, 0x21, v6), '2001:db8::9'],
  ['version 2 of the proxy itself', v2(0, 0, []), null],
]

test.each(headers)('a PROXY header of %s is read as it arrives, and not beyond its end', (_, bytes, address) => {
  for (let length = 0; length < bytes.length; length++) expect(readProxyHeader(bytes.subarray(0, length))).toBe('more')
  expect(readProxyHeader(Buffer.concat([bytes, Buffer.from('GET')]))).toEqual({ address, length: bytes.length })
})

test('a client is where the PROXY header says, over http and before TLS', async () => {
  const pair = await makeCertified('blog.test')
  await open(['127.0.0.1'], true, { certificates: [{ hostnames: ['blog.test'], ...pair }] })
  for (const [, bytes, address] of headers) {
    const answer = await routed.ask(bytes.toString('latin1') + request())
    expect(headersOf(answer)['x-forwarded-for']).toBe(address ?? '127.0.0.1')
  }
  const wire = connect(routed.tlsPort, '127.0.0.1')
  wire.write('PROXY TCP4 198.51.100.8 127.0.0.1 50000 443\r\n')
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connectTls({ socket: wire, servername: 'blog.test', rejectUnauthorized: false }, () =>
      socket.write(request()),
    )
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('close', () => resolve(text)).on('error', reject)
  })
  expect(headersOf(answer)).toMatchObject({ 'x-forwarded-for': '198.51.100.8', 'x-forwarded-proto': 'https' })
})

test('a trusted proxy that does not say whom it speaks for is closed, and one that says nothing too', async () => {
  await open(['127.0.0.1'], true)
  expect(await routed.ask(request())).toBe('')
  expect(await routed.ask(`PROXY TCP4 ${'9'.repeat(200)}`)).toBe('')
  expect(await routed.ask('PRO')).toBe('')
  expect(await routed.ask(`PROXY TCP4 198.51.100.999 127.0.0.1 50000 80\r\n${request()}`)).toBe('')
  expect(await routed.ask(`PROXY TCP6 198.51.100.9 ::1 50000 80\r\n${request()}`)).toBe('')
})

test('a proxy that passes on the bytes of somebody it can not name does not vouch for what they say', async () => {
  await open(['127.0.0.1'], true)
  expect(headersOf(await routed.ask(`PROXY UNKNOWN\r\n${request(said)}`))).toMatchObject({
    'x-forwarded-for': '198.51.100.7, 127.0.0.1',
    'x-forwarded-proto': 'http',
  })
})

test('nobody else can say that he is somebody else', async () => {
  await open(['192.0.2.1'], true)
  expect(await routed.ask(`PROXY TCP4 198.51.100.8 127.0.0.1 50000 80\r\n${request()}`)).toMatch(/^HTTP\/1\.1 400/)
  expect(headersOf(await routed.ask(request()))['x-forwarded-for']).toBe('127.0.0.1')
})
