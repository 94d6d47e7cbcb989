import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls, createServer } from 'node:tls'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Certified, makeLeaf } from '../../../../agent/certificates/x509.ts'
import { long } from '../../certificates/made.ts'
import { eventually } from '../../router/routed.ts'
import { fakeNames } from '../fakes/fake-ports.ts'
import { Bench } from '../workbench.ts'

let bench: Bench
beforeEach(async () => {
  bench = new Bench()
  bench.names = { ...fakeNames, choice: { local: true, addressDomain: null } }
  bench.clock.jump(Date.now() - bench.clock.now())
  await bench.start()
  await bench.createApp()
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

const server = { parameters: {}, body: undefined }
const served = () => bench.router.app('shop').certificates ?? []

/** What a client that trusts only this authority says of a server with this pair. */
async function verify(root: string, { certificate, key }: Certified, servername: string): Promise<string> {
  const listener = createServer({ cert: certificate, key }, (socket) => socket.end())
  listener.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const said = await new Promise<string>((resolve) => {
    const socket = connectTls({ port: (listener.address() as AddressInfo).port, servername, ca: root }, () =>
      resolve('trusted'),
    )
    socket.on('error', (error) => resolve(error.message))
    socket.on('secureConnect', () => socket.destroy())
  })
  listener.close()
  return said
}

it('a server makes an authority only when asked, and then apps have certificates for their local names', async () => {
  await expect(bench.call('getAuthority', server)).rejects.toMatchObject({ id: 'not_found' })
  expect(served()).toEqual([])
  const authority = await bench.call('createAuthority', server)
  await eventually(() => served().length === 1)
  expect(served()[0]?.hostnames).toEqual(['shop.local'])
  expect(new X509Certificate(authority.certificate).fingerprint256).toBe(authority.fingerprint)
  expect(await verify(authority.certificate, served()[0] as Certified, 'shop.local')).toBe('trusted')
  expect(await bench.call('createAuthority', server)).toEqual(authority)
  expect(statSync(join(bench.folder, 'authority.key')).mode & 0o777).toBe(0o600)
})

it('whoever trusts it trusts it with names of the local network and nothing else', async () => {
  const { certificate } = await bench.call('createAuthority', server)
  const stolen = { certificate, key: readFileSync(join(bench.folder, 'authority.key'), 'utf8') }
  const bank = await makeLeaf(stolen, ['bank.example.com'], long)
  const pair = { certificate: `${bank.certificate}\n${certificate}`, key: bank.key }
  expect(await verify(certificate, pair, 'bank.example.com')).toMatch(/PERMITTED_VIOLATION|permitted subtree/i)
})

it('certificates are renewed before they end, go with their name, and all of them with the authority', async () => {
  await bench.call('createAuthority', server)
  await eventually(() => served().length === 1)
  await bench.call('createDomain', { parameters: { app: 'shop' }, body: { hostname: 'shop.home.arpa' } })
  await bench.clock.advance(61_000)
  await eventually(() => served().length === 2)
  const first = served()[0]?.certificate
  await bench.clock.advance(61 * 24 * 60 * 60_000)
  await eventually(() => served().every(({ certificate }) => certificate !== first))
  await bench.call('destroyDomain', { parameters: { app: 'shop', domain: 'shop.home.arpa' }, body: undefined })
  await bench.clock.advance(61_000)
  await eventually(() => bench.store.certificates.listAll().length === 1)
  await bench.call('destroyAuthority', server)
  expect(served()).toEqual([])
  expect(existsSync(join(bench.folder, 'authority.key'))).toBe(false)
})
