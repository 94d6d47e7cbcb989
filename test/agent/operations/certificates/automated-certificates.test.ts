import { afterEach, beforeEach, expect, it } from 'vitest'
import { parseAcmeSettings } from '../../../../agent/certificates/acme-settings.ts'
import { openCertification } from '../../../../agent/certificates/certification.ts'
import type { PlatformPorts } from '../../../../agent/operations/platform.ts'
import { type AcmeServer, openAcmeServer, type Proof } from '../../certificates/acme-server.ts'
import { eventually } from '../../router/routed.ts'
import { Bench } from '../workbench.ts'

const app = { app: 'shop' }
const hour = 60 * 60_000
const day = 24 * hour
let bench: Bench
let server: AcmeServer
/** What an authority finds at the domain. */
let obstacle: string | null

beforeEach(async () => {
  obstacle = null
  server = await openAcmeServer(validate)
  bench = new Bench()
  // An authority's certificates begin now, whatever a test's clock says.
  bench.clock.jump(Date.now() - bench.clock.now())
  await bench.start(wrap)
  await bench.createApp()
  await bench.call('createDomain', { parameters: app, body: { hostname: 'www.example.com' } })
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
  await server.close()
})

const wrap = (ports: PlatformPorts, more = ''): PlatformPorts => ({
  ...ports,
  certification: openCertification(
    { acme: parseAcmeSettings(`directory=${server.directory}${more}`), keyDirectory: bench.folder, serverName: 'nas' },
    {
      firstLookMs: 1,
      patienceMs: 5000,
    },
  ),
})

async function validate({ keyAuthorization, kind, token }: Proof): Promise<string | null> {
  if (kind === 'dns-01') return null
  const shown = bench.router.app('shop').challenges ?? []
  const isShown = shown.some(
    (one) => one.kind === kind && one.kind === 'http-01' && one.token === token && one.answer === keyAuthorization,
  )
  return obstacle ?? (isShown ? null : 'nothing there')
}

const enable = () => bench.call('enableAcm', { parameters: app, body: undefined })
const domain = async (name = 'www.example.com') =>
  bench.call('getDomain', { parameters: { ...app, domain: name }, body: undefined })
const status = async (wanted: string, name?: string) =>
  eventually(async () => {
    const found = await domain(name)
    return found.acm_status === wanted && found
  })
const log = () => bench.logs.lines.join('\n')
const orders = () => server.asked.filter((what) => what === 'new-order').length
const certificate = () => bench.router.app('shop').certificates?.[0]?.certificate

it('a domain gets a certificate by itself, and so does one that is added later', async () => {
  expect((await domain()).acm_status).toBeNull()
  expect(await enable()).toMatchObject({ acm: true })
  const { sni_endpoint, acm_status_reason } = await status('cert issued')
  expect(acm_status_reason).toBeNull()
  expect(sni_endpoint).not.toBeNull()
  expect(bench.router.app('shop')).not.toHaveProperty('challenges')
  await bench.call('createDomain', { parameters: app, body: { hostname: 'shop.example.org' } })
  await status('cert issued', 'shop.example.org')
  const endpoints = await bench.call('listSniEndpoints', { parameters: app, body: undefined })
  expect(endpoints.map(({ ssl_cert }) => [ssl_cert.acm, ...ssl_cert.cert_domains])).toEqual([
    [true, 'www.example.com'],
    [true, 'shop.example.org'],
  ])
  expect((await domain('shop.localhost')).acm_status).toBeNull()
  expect(server.asked.filter((what) => what === 'account')).toHaveLength(1)
})

it('what fails is told with its reason, tried again later and later, and what was shown is shown on', async () => {
  obstacle = '192.0.2.1: connection refused'
  await enable()
  expect((await status('failing')).acm_status_reason).toContain('192.0.2.1: connection refused')
  await bench.clock.advance(2 * 60_000)
  expect(orders()).toBe(1)
  for (let attempt = 2; attempt <= 5; attempt++) {
    await bench.clock.advance(7 * hour)
    await eventually(() => orders() === attempt)
    await eventually(
      () =>
        bench.store.automatedDomains.byDomain(bench.store.domains.byHostname('www.example.com')?.id ?? '')?.attempts ===
        attempt,
    )
  }
  await status('failed')
  obstacle = null
  await bench.call('refreshAcm', { parameters: app, body: undefined })
  await status('cert issued')
})

it('a wildcard says that it needs dns-01, is not tried in vain, and is got once the server can', async () => {
  await bench.call('createDomain', { parameters: app, body: { hostname: '*.example.com' } })
  await enable()
  const { acm_status_reason } = await status('failed', '*.example.com')
  expect(acm_status_reason).toMatch(/dns-01 .* HEARTH_ACME .* upload a certificate for \*\.example\.com/)
  await status('cert issued')
  await bench.clock.advance(3 * day)
  await bench.call('refreshAcm', { parameters: app, body: undefined })
  await bench.clock.advance(hour)
  expect(orders()).toBe(1)
  expect(log().match(/No certificate for \*\.example\.com/g)).toHaveLength(1)
  await bench.stop()
  await bench.start((ports) => wrap(ports, ' dns=exec:/bin/true'))
  await bench.clock.advance(2 * 60_000)
  await status('cert issued', '*.example.com')
})

it('an authority that wants to be asked less often is left alone for that long', async () => {
  server.mischief.rateLimitedForSeconds = 6 * 3600
  await enable()
  await status('failing')
  const { length } = server.asked
  await bench.clock.advance(5 * hour)
  expect(server.asked).toHaveLength(length)
  server.mischief.rateLimitedForSeconds = null
  await bench.clock.advance(2 * hour)
  await status('cert issued')
})

it('an agent that ends between the order and the certificate goes on with the same order and key', async () => {
  server.mischief.stopsAfterOrder = true
  await enable()
  await status('failing')
  const id = bench.store.domains.byHostname('www.example.com')?.id ?? ''
  const key = bench.store.automatedDomains.byDomain(id)?.order?.key
  expect(key).toBeDefined()
  await bench.stop()
  server.mischief.stopsAfterOrder = false
  await bench.start(wrap)
  await bench.call('refreshAcm', { parameters: app, body: undefined })
  await status('cert issued')
  expect(orders()).toBe(1)
  expect(bench.router.app('shop').certificates?.[0]?.key).toBe(key)
})

it('a certificate is renewed with a third of its life left, or when its authority says, and the old one serves until then', async () => {
  await enable()
  await status('cert issued')
  const first = certificate()
  await bench.clock.advance(55 * day)
  expect(certificate()).toBe(first)
  server.window = { start: new Date(Date.now()).toISOString(), end: new Date(Date.now() + day).toISOString() }
  await bench.clock.advance(13 * hour)
  await eventually(() => certificate() !== first)
  expect(await bench.call('listSniEndpoints', { parameters: app, body: undefined })).toHaveLength(1)
})

it('a certificate that is about to expire is told of twenty days ahead, in the log and beside every answer', async () => {
  await enable()
  await status('cert issued')
  obstacle = 'gone'
  await bench.clock.advance(69 * day)
  expect(log()).not.toContain('expires on')
  await bench.clock.advance(1.5 * day)
  await eventually(() => log().includes('The certificate of www.example.com expires on'))
  await eventually(() => bench.platform.warning()?.includes('The certificate of www.example.com expires soon.'))
})

it('when it is turned off nothing is left of it, and an uploaded certificate goes before one that was got', async () => {
  await enable()
  await status('cert issued')
  await bench.call('disableAcm', { parameters: app, body: undefined })
  await eventually(() => certificate() === undefined)
  expect((await domain()).acm_status).toBeNull()
  expect(await bench.call('listSniEndpoints', { parameters: app, body: undefined })).toEqual([])
})
