// The client of RFC 8555 with the real router, against an authority that really asks.
import { createHash, X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AcmeClient } from '../../../agent/certificates/acme/acme.ts'
import { parseAcmeSettings } from '../../../agent/certificates/acme-settings.ts'
import { openExecDns } from '../../../agent/certificates/dns/exec-dns.ts'
import { renderUpdate } from '../../../agent/certificates/dns/nsupdate-dns.ts'
import { makeKey } from '../../../agent/certificates/x509.ts'
import { AcmeProblem, type ProofKind } from '../../../agent/core/ports/domains/certification.ts'
import type { RoutedChallenge } from '../../../agent/core/ports/routing/router-control.ts'
import { ask, openRouted, type Routed } from '../router/routed.ts'
import { type AcmeServer, openAcmeServer, type Proof } from './acme-server.ts'

let routed: Routed
let server: AcmeServer
let shown: RoutedChallenge[]
const accountKey = makeKey()
const key = makeKey()
let signal: AbortSignal

beforeEach(async () => {
  signal = AbortSignal.timeout(60_000)
  routed = await openRouted()
  shown = []
  server = await openAcmeServer(validate)
  await routed.route({ state: 'stopped', hostnames: ['www.example.com'] })
})
afterEach(async () => {
  await server.close()
  await routed.close()
})

/** As an authority does, but for the ports. */
async function validate({ hostname, keyAuthorization, kind, token }: Proof): Promise<string | null> {
  if (kind === 'http-01') {
    const text = `GET /.well-known/acme-challenge/${token} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`
    return (await ask(routed.port, text)).endsWith(`\r\n\r\n${keyAuthorization}`) ? null : 'wrong answer'
  }
  if (kind !== 'tls-alpn-01') return 'no such challenge'
  return new Promise((resolve) => {
    const options = {
      port: routed.tlsPort,
      servername: hostname,
      ALPNProtocols: ['acme-tls/1'],
      rejectUnauthorized: false,
    }
    const socket = connectTls(options, () => {
      const digest = createHash('sha256').update(keyAuthorization).digest('hex')
      const isProved =
        socket.alpnProtocol === 'acme-tls/1' &&
        socket.getPeerX509Certificate()?.raw.toString('hex').includes(`0420${digest}`)
      socket.destroy()
      resolve(isProved ? null : 'wrong certificate')
    })
    socket.on('error', (error) => resolve(error.message))
  })
}

const client = (proofs: readonly ProofKind[] = ['http-01'], more = {}) =>
  new AcmeClient({ directory: server.directory, proofs, dns: null, firstLookMs: 1, patienceMs: 30_000, ...more })

async function obtain(
  acme = client(),
  more: { url?: string | null; onBegun?: (url: string) => void; key?: string; hostname?: string } = {},
): Promise<string> {
  const account = { key: accountKey, url: await acme.register(accountKey, signal) }
  const route = () => routed.route({ state: 'stopped', hostnames: ['www.example.com'], challenges: shown })
  const order = {
    ...{ account, hostname: 'www.example.com', key, url: null, onBegun: () => {} },
    ...more,
    async show(challenge: RoutedChallenge) {
      shown = [...shown, challenge]
      await route()
    },
    async hide(challenge: RoutedChallenge) {
      shown = shown.filter((one) => one !== challenge)
      await route()
    },
  }
  return acme.obtain(order, signal)
}

const problem = (work: Promise<unknown>): Promise<AcmeProblem> =>
  work.then(
    () => new AcmeProblem('refused', 'no problem'),
    (error: AcmeProblem) => error,
  )

for (const kind of ['http-01', 'tls-alpn-01'] as const) {
  test(`a certificate is got by ${kind} for an app that is stopped, and the proof is taken away`, async () => {
    const chain = await obtain(client([kind]))
    const leaf = new X509Certificate(chain)
    expect(leaf.subjectAltName).toBe('DNS:www.example.com')
    expect(chain.match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
    expect(shown).toEqual([])
  })
}

test('a certificate is got by dns-01 with a program of the operator’s', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dns-'))
  const program = join(folder, 'dns')
  writeFileSync(program, `#!/bin/sh\necho "$1 $2 $3" >> ${folder}/said\n`)
  chmodSync(program, 0o700)
  await server.close()
  const digests: string[] = []
  server = await openAcmeServer(async ({ kind, keyAuthorization }) => {
    digests.push(createHash('sha256').update(keyAuthorization).digest('base64url'))
    const said = existsSync(join(folder, 'said')) ? readFileSync(join(folder, 'said'), 'utf8') : ''
    return kind === 'dns-01' && said === `add _acme-challenge.www.example.com ${digests[0]}\n` ? null : 'no record'
  })
  await obtain(client(['dns-01'], { dns: openExecDns(program) }))
  expect(readFileSync(join(folder, 'said'), 'utf8')).toContain(
    `\nremove _acme-challenge.www.example.com ${digests[0]}\n`,
  )
  // A wildcard is proved at the name below which it is.
  rmSync(join(folder, 'said'))
  digests.length = 0
  const all = await obtain(client(['dns-01'], { dns: openExecDns(program) }), { hostname: '*.www.example.com' })
  expect(new X509Certificate(all).subjectAltName).toBe('DNS:*.www.example.com')
  // What the authority found wrong is told, whatever goes wrong after that.
  writeFileSync(program, '#!/bin/sh\n[ $1 = add ] || exit 4\n')
  await expect(obtain(client(['dns-01'], { dns: openExecDns(program) }))).rejects.toThrow(/no record/)
  writeFileSync(program, '#!/bin/sh\necho the zone is locked >&2\nexit 3\n')
  await expect(obtain(client(['dns-01'], { dns: openExecDns(program) }))).rejects.toThrow(/the zone is locked/)
  rmSync(folder, { recursive: true })
})

test('what nsupdate is told has nothing in it but one record', () => {
  expect(renderUpdate('ns1.example.com', 'add', { name: '_acme-challenge.a.b', value: 'x-_9' })).toBe(
    'server ns1.example.com\nupdate add _acme-challenge.a.b. 60 TXT "x-_9"\n',
  )
  expect(() => renderUpdate('ns', 'add', { name: 'a', value: 'x"\nupdate delete b' })).toThrow()
})

test('an order that was begun before is gone on with, and makes no second one', async () => {
  server.mischief.stopsAfterOrder = true
  let begun = ''
  const onBegun = (url: string) => {
    begun = url
  }
  expect((await problem(obtain(client(), { onBegun }))).kind).toBe('unreachable')
  server.mischief.stopsAfterOrder = false
  expect(await obtain(client(), { url: begun })).toContain('BEGIN CERTIFICATE')
  expect(server.asked.filter((what) => what === 'new-order')).toHaveLength(1)
  expect((await problem(obtain(client(), { url: begun.replace(/\d+$/, '99') }))).kind).toBe('order-gone')
})

test('an authority that breaks at any step is asked again later, and what was begun is gone on with', async () => {
  let begun: string | null = null
  const onBegun = (url: string) => {
    begun = url
  }
  const steps = ['directory', 'account', 'new-order', 'order', 'authz', 'challenge', 'finalize', 'cert']
  for (const step of steps) {
    server.mischief.failsAt = step
    expect(await problem(obtain(client(), { url: begun, onBegun }))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('broken here'),
    })
    expect(shown).toEqual([])
  }
  server.mischief.failsAt = null
  expect(await obtain(client(), { url: begun })).toContain('BEGIN CERTIFICATE')
  expect(server.asked.filter((what) => what === 'new-order')).toHaveLength(2)
})

test('a nonce that is too old is replaced, and one that is always refused is not asked for for ever', async () => {
  server.mischief.badNonces = 2
  expect(await obtain()).toContain('BEGIN CERTIFICATE')
  server.mischief.replaysNonces = true
  const { length } = server.asked
  expect((await problem(obtain())).message).toContain('another nonce, please')
  expect(server.asked.length - length).toBeLessThan(10)
})

test('an authority that wants to be asked less often says for how long, and is believed', async () => {
  server.mischief.rateLimitedForSeconds = 3600
  expect(await problem(obtain())).toMatchObject({ kind: 'rate-limited', retryAfterMs: 3_600_000 })
})

test('bodies without an end are not read to it', async () => {
  server.mischief.hugeBodies = true
  expect((await problem(obtain())).message).toContain('it sends more than 262144 bytes')
})

test('a certificate for another key, for another name, or of another time is not taken', async () => {
  server.mischief.lies = 'key'
  expect((await problem(obtain())).message).toContain('it is for another key')
  server.mischief.lies = 'name'
  expect((await problem(obtain())).message).toContain('it is for evil.example')
  server.mischief.lies = 'life'
  expect((await problem(obtain())).message).toContain("this server's clock is wrong")
})

test('no answer of an authority leads the agent to another host', async () => {
  server.mischief.leadsElsewhere = true
  expect((await problem(obtain())).message).toContain('it leads elsewhere')
})

test('a proof that does not hold is told with what the authority said, and is taken away', async () => {
  await server.close()
  server = await openAcmeServer(async () => '192.0.2.1: connection refused')
  expect(await problem(obtain())).toMatchObject({
    kind: 'order-gone',
    message: expect.stringContaining('192.0.2.1: connection refused'),
  })
  expect(shown).toEqual([])
  await server.close()
  server = await openAcmeServer(async () => null, { kinds: ['dns-01'] })
  expect((await problem(obtain())).message).toContain(
    'takes dns-01 as a proof for www.example.com, and this server has http-01',
  )
})

test('an authority says when it wants a certificate renewed', async () => {
  const chain = await obtain()
  expect(await client().renewalWindow(chain, signal)).toBeNull()
  server.window = { start: '2026-12-01T00:00:00Z', end: '2026-12-02T00:00:00Z' }
  expect(await client().renewalWindow(chain, signal)).toEqual({
    startMs: Date.parse('2026-12-01'),
    endMs: Date.parse('2026-12-02'),
  })
})

test('the settings of an authority are read strictly, and http only from this machine', () => {
  expect(parseAcmeSettings('')).toMatchObject({ proofs: ['http-01', 'tls-alpn-01', 'dns-01'], dns: null })
  const dns = 'dns=nsupdate:ns1.example.com:/etc/hearth/ddns.key:30 proofs=dns-01 email=a@b.example eab=id:c2VjcmV0'
  expect(parseAcmeSettings(dns)).toMatchObject({
    proofs: ['dns-01'],
    dns: { kind: 'nsupdate', server: 'ns1.example.com', keyFile: '/etc/hearth/ddns.key', waitMs: 30_000 },
    binding: { id: 'id', secret: 'c2VjcmV0' },
  })
  for (const bad of ['directory=http://ca.example/d', 'proofs=email', 'dns=route53', 'eab=x', 'colour=red']) {
    expect(() => parseAcmeSettings(bad)).toThrow(/HEARTH_ACME/)
  }
})
