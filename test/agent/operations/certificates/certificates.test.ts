import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Certified, makeLeaf } from '../../../../agent/certificates/x509.ts'
import { long, makeCertified, makeRoot } from '../../certificates/made.ts'
import { Bench } from '../workbench.ts'

let bench: Bench
let root: Certified
let leaf: Certified
let chain: Certified

const app = { app: 'shop' }

beforeAll(async () => {
  root = await makeRoot()
  leaf = await makeLeaf(root, ['www.example.com'], long)
  chain = { certificate: `${leaf.certificate}\n${root.certificate}`, key: leaf.key }
})
beforeEach(async () => {
  bench = await Bench.open()
  await bench.createApp()
  await addDomain('www.example.com')
})
afterEach(async () => {
  expect(bench.problems).toEqual([])
  await bench.close()
})

const addDomain = (hostname: string) => bench.call('createDomain', { parameters: app, body: { hostname } })
const bodyOf = ({ certificate, key }: Certified) => ({ certificate_chain: certificate, private_key: key })
const upload = (pair: Certified = chain) => bench.call('createSniEndpoint', { parameters: app, body: bodyOf(pair) })
const routed = () => bench.router.app('shop')
const refusal = (pair: Certified): Promise<string> =>
  upload(pair).then(
    () => 'taken',
    (error: Error) => error.message,
  )

describe('an uploaded certificate', () => {
  it('is shown at once for the domains that it names, and only its key is never told', async () => {
    const endpoint = await upload()
    const [, domain] = await bench.call('listDomains', { parameters: app, body: undefined })
    expect(endpoint).toMatchObject({
      domains: [domain?.id],
      ssl_cert: {
        cert_domains: ['www.example.com'],
        'ca_signed?': true,
        'self_signed?': false,
        acm: false,
        issuer: '/CN=Test root',
      },
    })
    expect(domain?.sni_endpoint).toEqual({ id: endpoint.id, name: endpoint.name })
    expect(routed().certificates).toMatchObject([{ hostnames: ['www.example.com'], key: leaf.key }])
    const told = JSON.stringify([endpoint, bench.events, bench.logs, bench.store.activity.list(null)])
    expect(told).not.toContain(leaf.key.split('\n')[1])
  })

  it('is replaced by another one under the same name, and removed', async () => {
    const { name } = await upload()
    const parameters = { ...app, sni_endpoint: name }
    const next = await makeCertified('www.example.com', 'example.com')
    expect(await bench.call('updateSniEndpoint', { parameters, body: bodyOf(next) })).toMatchObject({ name })
    expect(routed().certificates).toMatchObject([{ key: next.key }])
    await bench.call('destroySniEndpoint', { parameters, body: undefined })
    expect(routed().certificates).toBeUndefined()
    await expect(bench.call('getSniEndpoint', { parameters, body: undefined })).rejects.toMatchObject({
      id: 'not_found',
    })
  })

  it('is still there after the agent was started anew, and gone with its app', async () => {
    await upload()
    await bench.restart()
    expect(routed().certificates).toHaveLength(1)
    await bench.call('destroyApp', { parameters: app, body: undefined })
    expect(bench.store.certificates.listAll()).toEqual([])
  })

  it('serves as a wildcard where none names the host itself, and is chosen by hand where several do', async () => {
    const wildcard = await upload(await makeCertified('*.example.com'))
    const exact = await upload()
    const domain = () => bench.call('getDomain', { parameters: { ...app, domain: 'www.example.com' }, body: undefined })
    const choose = (sni_endpoint: string | null) =>
      bench.call('updateDomain', { parameters: { ...app, domain: 'www.example.com' }, body: { sni_endpoint } })
    expect((await domain()).sni_endpoint?.name).toBe(exact.name)
    expect((await choose(wildcard.name)).sni_endpoint?.name).toBe(wildcard.name)
    expect(routed().certificates).toHaveLength(1)
    expect((await choose(null)).sni_endpoint?.name).toBe(exact.name)
    await addDomain('shop.example.org')
    const other = bench.call('updateDomain', {
      parameters: { ...app, domain: 'shop.example.org' },
      body: { sni_endpoint: exact.id },
    })
    await expect(other).rejects.toMatchObject({
      message: expect.stringContaining('browsers would not take it for shop.example.org'),
    })
  })
})

describe('a certificate is refused, with what to do,', () => {
  it('when its key is of another, of another of the chain, has a passphrase, or is too short', async () => {
    expect(await refusal({ ...chain, key: root.key })).toContain(
      'belongs to the second certificate of the chain. That one has to come first',
    )
    expect(await refusal({ ...chain, key: (await makeCertified('a.b')).key })).toContain(
      'does not belong to the certificate of www.example.com',
    )
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const sealed = String(privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }))
    expect(await refusal({ ...chain, key: sealed })).toContain('openssl pkey -in')
    const short = String(
      generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    )
    expect(await refusal({ ...chain, key: short })).toContain('has 1024 bits')
    expect(await refusal({ ...chain, key: 'secret words' })).toMatch(/can't be read: it must be PEM/)
  })

  it('when its chain is not complete, out of order, has what does not belong to it, or a key in it', async () => {
    expect(await refusal(leaf)).toContain(
      'it ends at www.example.com, which was issued by Test root. Add that certificate',
    )
    const stranger = await makeRoot('Stranger')
    expect(
      await refusal({ ...chain, certificate: `${leaf.certificate}\n${stranger.certificate}\n${root.certificate}` }),
    ).toContain('behind www.example.com comes the third certificate, Test root')
    expect(await refusal({ ...chain, certificate: `${leaf.certificate}\n${stranger.certificate}` })).toContain(
      'The chain has a gap',
    )
    expect(await refusal({ ...chain, certificate: `${chain.certificate}\n${leaf.key}` })).toContain(
      'has a private key in it',
    )
    expect(await refusal({ ...chain, certificate: 'nothing' })).toContain('has no PEM certificate')
    expect(await refusal({ ...chain, certificate: leaf.certificate.replace(/.{40}\n/, '\n') })).toContain('damaged')
  })

  it('when it has expired, has not begun, or names no host', async () => {
    const at = (notBefore: string, notAfter: string) => ({
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
    })
    const past = await makeLeaf(root, ['www.example.com'], at('2025-01-01', '2025-12-30'))
    expect(await refusal({ certificate: `${past.certificate}\n${root.certificate}`, key: past.key })).toContain(
      'expired on',
    )
    const future = await makeLeaf(root, ['www.example.com'], at('2027-01-01', '2028-01-01'))
    expect(await refusal({ certificate: `${future.certificate}\n${root.certificate}`, key: future.key })).toContain(
      "server's clock is wrong",
    )
    expect(await refusal(await makeCertified('192.0.2.1'))).toContain('names no host')
  })
})

it('http is sent to https and HSTS is said where that was switched on, and each is told to the router', async () => {
  const update = (body: object) => bench.call('updateTlsSettings', { parameters: app, body })
  expect(await bench.call('getTlsSettings', { parameters: app, body: undefined })).toEqual({
    https_only: false,
    hsts_seconds: null,
  })
  expect(routed()).not.toHaveProperty('httpsOnly')
  expect(await update({ https_only: true })).toEqual({ https_only: true, hsts_seconds: null })
  await update({ hsts_seconds: 300 })
  expect(routed()).toMatchObject({ httpsOnly: true, hstsSeconds: 300 })
  await update({ https_only: false, hsts_seconds: null })
  expect(routed()).not.toHaveProperty('hstsSeconds')
})
