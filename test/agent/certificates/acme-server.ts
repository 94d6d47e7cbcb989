// A small authority by RFC 8555 on loopback. It checks what a client signs, and really asks for the proof.
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { type Certified, makeLeaf } from '../../../agent/certificates/x509.ts'
import { makeRoot } from './made.ts'

export interface Proof {
  readonly kind: string
  readonly hostname: string
  readonly token: string
  readonly keyAuthorization: string
}

/** What goes wrong; a test sets it. */
export interface Mischief {
  /** So many requests are told that their nonce is bad. */
  badNonces: number
  /** Every nonce is the same one, used or not. */
  replaysNonces: boolean
  rateLimitedForSeconds: number | null
  hugeBodies: boolean
  /** Makes the certificate for another key, other names, or with another life. */
  lies: 'key' | 'name' | 'life' | null
  /** Leads to another host. */
  leadsElsewhere: boolean
  stopsAfterOrder: boolean
  /** What of it is broken, by the first part of the path. */
  failsAt: string | null
}

export interface AcmeServer {
  readonly directory: string
  readonly root: Certified
  readonly mischief: Mischief
  /** Requests, by the last part of their path. */
  readonly asked: string[]
  /** Answers of renewalInfo; null: there is none. */
  window: { start: string; end: string } | null
  close(): Promise<void>
}

interface Order {
  readonly hostname: string
  readonly token: string
  status: 'pending' | 'ready' | 'valid' | 'invalid'
  problem: string | null
  thumbprint: string
  certificate: string | null
}

interface Request {
  readonly url: string
  readonly payload: Record<string, unknown> | null
  readonly jwk: Record<string, string>
}

const dayMs = 24 * 60 * 60_000

/** `validate` looks for the proof, and returns what is wrong with it. */
export async function openAcmeServer(
  validate: (proof: Proof) => Promise<string | null>,
  { kinds = ['http-01', 'tls-alpn-01', 'dns-01'], lifeDays = 90 } = {},
): Promise<AcmeServer> {
  const root = await makeRoot('Test ACME authority')
  const mischief: Mischief = {
    badNonces: 0,
    replaysNonces: false,
    rateLimitedForSeconds: null,
    hugeBodies: false,
    lies: null,
    leadsElsewhere: false,
    stopsAfterOrder: false,
    failsAt: null,
  }
  const nonces = new Set<string>()
  const accounts = new Map<string, Record<string, string>>()
  const orders: Order[] = []
  const asked: string[] = []
  let base = ''

  const problem = (response: ServerResponse, status: number, type: string, detail: string, headers = {}) =>
    send(response, status, { type: `urn:ietf:params:acme:error:${type}`, detail }, headers)

  function send(response: ServerResponse, status: number, body: unknown, headers = {}): void {
    const nonce = mischief.replaysNonces ? 'the-same-one' : randomBytes(12).toString('base64url')
    nonces.add(nonce)
    response.writeHead(status, { 'replay-nonce': nonce, 'content-type': 'application/json', ...headers })
    if (mischief.hugeBodies) return void response.end(Buffer.alloc(20_000_000, 32))
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

  const orderBody = (order: Order, index: number) => ({
    status: order.status,
    identifiers: [{ type: 'dns', value: order.hostname }],
    authorizations: [`${mischief.leadsElsewhere ? 'http://127.0.0.1:1' : base}/authz/${index}`],
    finalize: `${base}/finalize/${index}`,
    ...(order.certificate !== null && { certificate: `${base}/cert/${index}` }),
    ...(order.problem !== null && {
      error: { type: 'urn:ietf:params:acme:error:unauthorized', detail: order.problem },
    }),
  })

  const challengesOf = (order: Order, index: number) =>
    kinds.filter(takenFor(order.hostname)).map((type) => ({
      type,
      url: `${base}/challenge/${index}/${type}`,
      token: order.token,
      status: order.status === 'pending' ? 'pending' : order.status === 'invalid' ? 'invalid' : 'valid',
      ...(order.problem !== null && { error: { detail: order.problem } }),
    }))

  async function issue(order: Order, csr: string): Promise<string> {
    const request = new Pkcs10CertificateRequest(Buffer.from(csr, 'base64url'))
    if (!(await request.verify())) throw new Error('the request is not signed by its key')
    const extension = request.getExtension('2.5.29.17') as SubjectAlternativeNameExtension | null
    const names = extension?.names.toJSON().map(({ value }) => value) ?? []
    if (names.join() !== order.hostname) throw new Error('the request is for other names')
    const now = Date.now()
    const life = { notBefore: new Date(now - 60_000), notAfter: new Date(now + lifeDays * dayMs) }
    const validity = mischief.lies === 'life' ? { notBefore: new Date(now + dayMs), notAfter: life.notAfter } : life
    const hostname = mischief.lies === 'name' ? 'evil.example' : order.hostname
    if (mischief.lies === 'key')
      return `${(await makeLeaf(root, [hostname], validity)).certificate}\n${root.certificate}`
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const key = await webcrypto.subtle.importKey('pkcs8', pemBytes(root.key), algorithm, false, ['sign'])
    const leaf = await X509CertificateGenerator.create({
      issuer: new X509Certificate(root.certificate).subject,
      publicKey: request.publicKey,
      signingKey: key as CryptoKey,
      signingAlgorithm: algorithm,
      serialNumber: `01${randomBytes(8).toString('hex')}`,
      ...validity,
      extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }])],
    })
    return `${leaf.toString('pem')}\n${root.certificate}`
  }

  async function answer(response: ServerResponse, { url, payload, jwk }: Request): Promise<void> {
    const [, what = '', number = '', kind = ''] = new URL(url).pathname.split('/')
    const index = Number(number)
    const order = orders[index]
    const location = { location: `${base}/order/${orders.length}` }
    switch (what) {
      case 'account': {
        const account = `${base}/acct/${thumbprintOf(jwk)}`
        accounts.set(account, jwk)
        return send(response, 201, { status: 'valid' }, { location: account })
      }
      case 'new-order': {
        const [identifier] = (payload as { identifiers: { value: string }[] }).identifiers
        const token = randomBytes(16).toString('base64url')
        const thumbprint = thumbprintOf(jwk)
        const made: Order = {
          hostname: identifier?.value ?? '',
          token,
          status: 'pending',
          problem: null,
          thumbprint,
          certificate: null,
        }
        orders.push(made)
        return send(response, 201, orderBody(made, orders.length - 1), location)
      }
    }
    if (!order) return problem(response, 404, 'malformed', 'no such order')
    switch (what) {
      case 'order':
        return send(response, 200, orderBody(order, index))
      case 'authz':
        if (mischief.stopsAfterOrder) return void response.destroy()
        return send(response, 200, {
          status: order.status === 'ready' ? 'valid' : order.status,
          challenges: challengesOf(order, index),
        })
      case 'challenge': {
        const keyAuthorization = `${order.token}.${order.thumbprint}`
        order.problem = await validate({ kind, hostname: order.hostname, token: order.token, keyAuthorization })
        order.status = order.problem === null ? 'ready' : 'invalid'
        return send(response, 200, { status: 'processing' })
      }
      case 'finalize':
        order.certificate = await issue(order, String(payload?.csr))
        order.status = 'valid'
        return send(response, 200, orderBody(order, index))
      case 'cert':
        return send(response, 200, order.certificate ?? '')
    }
  }

  /** Throws what is wrong with the signature; whoever signed with a key that is not the account's has none. */
  async function read(request: IncomingMessage): Promise<Request & { nonce: string }> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const jws = JSON.parse(Buffer.concat(chunks).toString()) as {
      protected: string
      payload: string
      signature: string
    }
    const head = JSON.parse(Buffer.from(jws.protected, 'base64url').toString())
    const jwk = head.jwk ?? accounts.get(head.kid)
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const isSigned = verify(
      'sha256',
      Buffer.from(`${jws.protected}.${jws.payload}`),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(jws.signature, 'base64url'),
    )
    if (!isSigned || head.alg !== 'ES256' || head.url !== `${base}${request.url}`)
      throw new Error('the signature is none')
    const payload = jws.payload === '' ? null : JSON.parse(Buffer.from(jws.payload, 'base64url').toString())
    return { url: head.url, payload, jwk, nonce: head.nonce }
  }

  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path.split('/')[1] ?? '')
    if (path.split('/')[1] === mischief.failsAt) return problem(response, 503, 'serverInternal', 'broken here')
    if (mischief.rateLimitedForSeconds !== null && path !== '/directory') {
      return problem(response, 429, 'rateLimited', 'too many', {
        'retry-after': String(mischief.rateLimitedForSeconds),
      })
    }
    if (path === '/directory') {
      const names = { newNonce: `${base}/nonce`, newAccount: `${base}/account`, newOrder: `${base}/new-order` }
      return send(response, 200, { ...names, ...(opened.window && { renewalInfo: `${base}/renewal` }) })
    }
    if (path === '/nonce') return send(response, 200, '')
    if (path.startsWith('/renewal/')) return send(response, 200, { suggestedWindow: opened.window })
    read(request)
      .then(({ nonce, ...signed }) => {
        const isKnown = mischief.replaysNonces ? false : nonces.delete(nonce)
        if (!isKnown || mischief.badNonces-- > 0) return problem(response, 400, 'badNonce', 'another nonce, please')
        return answer(response, signed)
      })
      .catch((error: Error) => problem(response, 400, 'malformed', error.message))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const opened: AcmeServer = {
    directory: `${base}/directory`,
    root,
    mischief,
    asked,
    window: null,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return opened
}

/** Nothing on a machine proves that all names below a domain are somebody's. */
const takenFor = (hostname: string) => (kind: string) => kind === 'dns-01' || !hostname.startsWith('*.')

const thumbprintOf = ({ crv, kty, x, y }: Record<string, string>): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')

const pemBytes = (pem: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'))
