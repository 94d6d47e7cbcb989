// The library's parts find each other through decorators, which need this first.
import 'reflect-metadata'
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { nameConstraintsId, renderLoopbackConstraints } from './name-constraints.ts'

/** A certificate and its key, both PEM. */
export interface Certified {
  readonly certificate: string
  readonly key: string
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const dayMs = 24 * 60 * 60_000
/** Clocks of virtual machines go wrong a little; a certificate of tomorrow is none. */
const earlyMs = dayMs

/** An authority that can speak for this computer's loopback addresses and for nothing else. */
export async function makeAuthority(now: Date, days: number): Promise<Certified> {
  const keys = await makeKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=Hearth on this computer ${randomBytes(4).toString('hex')}`,
    keys,
    signingAlgorithm: algorithm,
    serialNumber: makeSerial(),
    notBefore: new Date(now.getTime() - earlyMs),
    notAfter: new Date(now.getTime() + days * dayMs),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      new Extension(nameConstraintsId, true, renderLoopbackConstraints()),
    ],
  })
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) }
}

const loopbackNames: readonly JsonGeneralName[] = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
]

/** A server's certificate for the names of this computer, unless a test wants others. */
export async function makeLeaf(
  authority: Certified,
  now: Date,
  days: number,
  names: readonly JsonGeneralName[] = loopbackNames,
): Promise<Certified> {
  const keys = await makeKeys()
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=localhost',
    issuer: new X509Certificate(authority.certificate).subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: algorithm,
    serialNumber: makeSerial(),
    notBefore: new Date(now.getTime() - earlyMs),
    notAfter: new Date(now.getTime() + days * dayMs),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([...names]),
    ],
  })
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) }
}

function makeKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>
}

async function exportKey(key: CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  return String(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }))
}

function importKey(pem: string): Promise<CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' })
  return webcrypto.subtle.importKey('pkcs8', new Uint8Array(der), algorithm, false, ['sign']) as Promise<CryptoKey>
}

/** Positive, as the standard wants it. */
function makeSerial(): string {
  return `01${randomBytes(15).toString('hex')}`
}
