import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import https from 'node:https'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Authority } from '../../../../electron/gateway/tls/authority.ts'
import { makeAuthority, makeLeaf } from '../../../../electron/gateway/tls/certificates.ts'
import { renderLoopbackConstraints } from '../../../../electron/gateway/tls/name-constraints.ts'
import { openWorld } from '../api/gateway-world.ts'

let folder: string
const files = () => ({ certificate: join(folder, 'a.pem'), key: join(folder, 'a.key') })
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-authority-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('the constraints are localhost, 127.0.0.0/8 and ::1, as the standard writes them', () => {
  expect(Buffer.from(renderLoopbackConstraints()).toString('hex')).toBe(
    '303fa03d' +
      '300b82096c6f63616c686f7374' +
      '300a87087f000000ff000000' +
      '3022872000000000000000000000000000000001ffffffffffffffffffffffffffffffff',
  )
})

test('the authority is made once, its key readable by its user only', async () => {
  await Authority.open(files())
  const [certificate, key] = await Promise.all([readFile(files().certificate, 'utf8'), readFile(files().key, 'utf8')])
  await Authority.open(files())
  expect(await readFile(files().certificate, 'utf8')).toBe(certificate)
  expect(await readFile(files().key, 'utf8')).toBe(key)
  expect((await stat(files().key)).mode & 0o777).toBe(0o600)
})

test('programs that start at once for the first time show what the one authority has signed that lies there', async () => {
  const authorities = await Promise.all([1, 2, 3].map(() => Authority.open(files())))
  const kept = new X509Certificate(await readFile(files().certificate, 'utf8'))
  const shown = await Promise.all(authorities.map((authority) => authority.leaf()))
  expect(shown.map(({ certificate }) => new X509Certificate(certificate).verify(kept.publicKey))).toEqual([
    true,
    true,
    true,
  ])
})

test.each([
  ['a key that is not its own', async () => writeFile(files().key, (await makeAuthority(new Date(), 3650)).key)],
  ['no key any more', () => rm(files().key)],
  ['a certificate that is none', () => writeFile(files().certificate, 'x')],
  [
    'an end within the year',
    async () => {
      const soon = await makeAuthority(new Date(), 300)
      await writeFile(files().key, soon.key)
      await writeFile(files().certificate, soon.certificate)
    },
  ],
])('an authority with %s is made anew', async (_, damage) => {
  await Authority.open(files())
  await damage()
  const before = await readFile(files().certificate, 'utf8')
  const authority = await Authority.open(files())
  const after = await readFile(files().certificate, 'utf8')
  expect(after).not.toBe(before)
  const { certificate } = await authority.leaf()
  expect(new X509Certificate(certificate).verify(new X509Certificate(after).publicKey)).toBe(true)
})

/** One handshake between two ends in this process; resolves with why the client refused, or null. */
async function handshake(
  shown: { certificate: string; key: string },
  ca: string,
  servername: string,
): Promise<string | null> {
  const server = tls.createServer({ cert: shown.certificate, key: shown.key }, (socket) => socket.end())
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  const options = net.isIP(servername) ? { host: servername } : { servername }
  const refusal = await new Promise<string | null>((resolve) => {
    const client = tls.connect({ port, host: '127.0.0.1', ca, ...options }, () => {
      client.destroy()
      resolve(null)
    })
    client.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.message}`))
  })
  server.close()
  return refusal
}

describe('a certificate of the authority', () => {
  test('is trusted for localhost and 127.0.0.1', async () => {
    const authority = await Authority.open(files())
    const ca = await readFile(files().certificate, 'utf8')
    const leaf = await authority.leaf()
    expect(await handshake(leaf, ca, 'localhost')).toBeNull()
    expect(await handshake(leaf, ca, '127.0.0.1')).toBeNull()
    expect(await handshake(leaf, ca, 'example.com')).toContain('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('for any other name is refused, even one that its key has signed', async () => {
    const authority = await makeAuthority(new Date(), 3650)
    const stolen = await makeLeaf(authority, new Date(), 30, [{ type: 'dns', value: 'example.com' }])
    expect(await handshake(stolen, authority.certificate, 'example.com')).toContain('permitted subtree violation')
  })

  test('is renewed before it ends', async () => {
    let now = Date.now()
    const authority = await Authority.open(files(), () => now)
    const first = await authority.leaf()
    now += 5 * 86_400_000
    expect(await authority.leaf()).toBe(first)
    now += 16 * 86_400_000
    expect(await authority.leaf()).not.toBe(first)
  })
})

test('the port of the API speaks TLS as well', async () => {
  await using stack = new AsyncDisposableStack()
  const world = stack.adopt(await openWorld(), (one) => one.close())
  const ca = await readFile(world.files.certificate)
  const headers = { authorization: `Bearer ${world.token.text}` }
  const request = https.get({ host: '127.0.0.1', port: world.port, path: '/apps', headers, ca, agent: false })
  const [status, body] = await new Promise<[number | undefined, string]>((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => text(response).then((all) => resolve([response.statusCode, all])))
  })
  expect([status, JSON.parse(body)]).toEqual([200, { path: '/apps' }])
})
