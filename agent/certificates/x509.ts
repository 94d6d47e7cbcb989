// The library's parts find each other through decorators, which need this first.
import 'reflect-metadata'
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { type NameConstraints, nameConstraintsId, renderNameConstraints } from './name-constraints.ts'

/** A certificate and its key, both PEM. */
export interface Certified {
  readonly certificate: string
  readonly key: string
}

export interface Validity {
  readonly notBefore: Date
  readonly notAfter: Date
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A new key for a certificate: P-256, PEM. */
export function makeKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return String(privateKey.export({ format: 'pem', type: 'pkcs8' }))
}

/** An authority that can speak for what the constraints allow and for nothing else. */
export async function makeAuthority(
  name: string,
  { notBefore, notAfter }: Validity,
  constraints: NameConstraints | null,
): Promise<Certified> {
  const key = makeKey()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys: await importPair(key),
    signingAlgorithm: algorithm,
    serialNumber: makeSerial(),
    notBefore,
    notAfter,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ...(constraints ? [new Extension(nameConstraintsId, true, renderNameConstraints(constraints))] : []),
    ],
  })
  return { certificate: certificate.toString('pem'), key }
}

/** A server's certificate; `names` are host names and addresses. */
export async function makeLeaf(
  authority: Certified,
  names: readonly string[],
  { notBefore, notAfter }: Validity,
  key: string = makeKey(),
): Promise<Certified> {
  const { publicKey } = await importPair(key)
  const certificate = await X509CertificateGenerator.create({
    issuer: new X509Certificate(authority.certificate).subject,
    publicKey,
    signingKey: (await importPair(authority.key)).privateKey,
    signingAlgorithm: algorithm,
    serialNumber: makeSerial(),
    notBefore,
    notAfter,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      // Critical, since there is no subject to go by (RFC 5280, 4.2.1.6).
      new SubjectAlternativeNameExtension(names.map(asGeneralName), true),
    ],
  })
  return { certificate: certificate.toString('pem'), key }
}

/** What an authority is asked with (PKCS #10), DER. */
export async function makeRequest(names: readonly string[], key: string): Promise<Uint8Array> {
  const request = await Pkcs10CertificateRequestGenerator.create({
    keys: await importPair(key),
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension(names.map(asGeneralName))],
  })
  return new Uint8Array(request.rawData)
}

/** `1.3.6.1.5.5.7.1.31`: the certificate that proves itself, shown to who asks by `acme-tls/1` (RFC 8737, 3). */
const acmeIdentifierId = '1.3.6.1.5.5.7.1.31'

export async function makeChallengeCertificate(name: string, keyAuthorization: string, now: Date): Promise<Certified> {
  const key = makeKey()
  const digest = createHash('sha256').update(keyAuthorization).digest()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    keys: await importPair(key),
    signingAlgorithm: algorithm,
    serialNumber: makeSerial(),
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + 7 * dayMs),
    extensions: [
      new SubjectAlternativeNameExtension([asGeneralName(name)], true),
      new Extension(acmeIdentifierId, true, new Uint8Array(Buffer.concat([Buffer.from([4, digest.length]), digest]))),
    ],
  })
  return { certificate: certificate.toString('pem'), key }
}

const dayMs = 24 * 60 * 60_000

const asGeneralName = (value: string) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })

async function importPair(pem: string): Promise<CryptoKeyPair> {
  const der = new Uint8Array(createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }))
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign'])
  const { d: _, ...jwk } = await webcrypto.subtle.exportKey('jwk', privateKey)
  const publicKey = await webcrypto.subtle.importKey('jwk', { ...jwk, key_ops: ['verify'] }, algorithm, true, [
    'verify',
  ])
  return { privateKey, publicKey } as CryptoKeyPair
}

/** Positive, as the standard wants it. */
function makeSerial(): string {
  return `01${randomBytes(15).toString('hex')}`
}
