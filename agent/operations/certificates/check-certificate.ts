import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { HearthError } from '../../contract/errors.ts'
import type { Certification } from '../../core/ports/domains/certification.ts'

/** What is known of a certificate once it was found to be good. */
export interface CheckedCertificate {
  readonly hostnames: readonly string[]
  /** The same chain, each certificate on lines of its own. */
  readonly certificate: string
  readonly key: string
  readonly startsAt: string
  readonly expiresAt: string
}

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g
const smallestRsaBits = 2048

/**
 * Checks what somebody uploaded before visitors meet it: that the key is the leaf's, that the chain is in order and leads to a
 * root, that all of it is valid now, and that it names hosts. Throws `invalid_params` with what to do.
 */
export async function checkCertificate(
  { chain, key }: { chain: string; key: string },
  { certification, nowMs }: { certification: Certification; nowMs: number },
): Promise<CheckedCertificate> {
  const certificates = parseChain(chain)
  const [leaf] = certificates
  if (!leaf) throw refused('The certificate chain has no PEM certificate: it begins with -----BEGIN CERTIFICATE-----.')
  checkKey(parseKey(key), leaf, certificates)
  for (const one of certificates) checkTime(one, nowMs)
  checkOrder(certificates)
  if (!endsAtRoot(certificates)) checkRoot(certificates, await certification.trustedRoots())
  const hostnames = namesOf(leaf)
  if (hostnames.length === 0) {
    throw refused(
      'The certificate names no host (subjectAltName), and browsers look nowhere else. Have it issued for your host names.',
    )
  }
  return {
    hostnames,
    certificate: certificates.map((one) => one.toString()).join(''),
    key: `${key.trim()}\n`,
    startsAt: new Date(leaf.validFrom).toISOString(),
    expiresAt: new Date(leaf.validTo).toISOString(),
  }
}

/** Host names that a certificate is for, in lower case. */
export function namesOf({ subjectAltName }: X509Certificate): string[] {
  return (subjectAltName ?? '')
    .split(', ')
    .filter((name) => name.startsWith('DNS:'))
    .map((name) => name.slice('DNS:'.length).toLowerCase())
}

function parseChain(text: string): X509Certificate[] {
  return [...text.matchAll(pemBlock)].map(([block, label = ''], index) => {
    if (label.endsWith('PRIVATE KEY'))
      throw refused('The certificate chain has a private key in it. Take it out, and consider it known to others.')
    try {
      return new X509Certificate(block)
    } catch {
      throw refused(`The ${ordinal(index)} certificate of the chain can't be read: it is damaged, or was cut.`)
    }
  })
}

function parseKey(text: string): KeyObject {
  if (/ENCRYPTED/.test(text)) {
    throw refused(
      'The private key has a passphrase, which nobody could give when the server starts. Take it off with: openssl pkey -in old.key -out new.key',
    )
  }
  try {
    return createPrivateKey(text)
  } catch {
    throw refused("The private key can't be read: it must be PEM and begin with -----BEGIN PRIVATE KEY----- or alike.")
  }
}

function checkKey(key: KeyObject, leaf: X509Certificate, certificates: readonly X509Certificate[]): void {
  const bits = key.asymmetricKeyDetails?.modulusLength
  if (bits !== undefined && bits < smallestRsaBits) {
    throw refused(
      `The private key has ${bits} bits, which browsers refuse. Have a certificate issued for one of ${smallestRsaBits} or more.`,
    )
  }
  if (leaf.checkPrivateKey(key)) return
  const owner = certificates.findIndex((one) => one.checkPrivateKey(key))
  throw refused(
    owner > 0
      ? `The private key belongs to the ${ordinal(owner)} certificate of the chain. That one has to come first.`
      : `The private key does not belong to the certificate of ${nameOf(leaf)}. Each certificate has a key of its own.`,
  )
}

function checkTime(one: X509Certificate, nowMs: number): void {
  if (Date.parse(one.validTo) <= nowMs)
    throw refused(`The certificate of ${nameOf(one)} expired on ${one.validTo}. Get a new one.`)
  if (Date.parse(one.validFrom) > nowMs) {
    throw refused(
      `The certificate of ${nameOf(one)} begins only on ${one.validFrom}. If that is past, the server's clock is wrong.`,
    )
  }
}

/** Each is signed by the next. */
function checkOrder(certificates: readonly X509Certificate[]): void {
  for (const [index, one] of certificates.entries()) {
    const next = certificates[index + 1]
    if (!next || isIssuedBy(one, next)) continue
    const issuer = certificates.findIndex((other) => other !== one && isIssuedBy(one, other))
    throw refused(
      issuer >= 0
        ? `The chain is out of order: behind ${nameOf(one)} comes the ${ordinal(issuer)} certificate, ${nameOf(certificates[issuer] as X509Certificate)}.`
        : `The chain has a gap: ${nameOf(one)} was issued by ${issuerOf(one)}, and the next certificate is ${nameOf(next)}. Leave out what does not belong to it.`,
    )
  }
}

function endsAtRoot(certificates: readonly X509Certificate[]): boolean {
  const last = certificates.at(-1) as X509Certificate
  return isIssuedBy(last, last)
}

/** It is issued by one that the system trusts. */
function checkRoot(certificates: readonly X509Certificate[], roots: readonly string[]): void {
  const last = certificates.at(-1) as X509Certificate
  for (const root of roots) if (isIssuedBy(last, new X509Certificate(root))) return
  throw refused(
    `The chain is not complete: it ends at ${nameOf(last)}, which was issued by ${issuerOf(last)}. Add that certificate at the end of the file; your authority offers it as "chain" or "intermediate".`,
  )
}

const isIssuedBy = (one: X509Certificate, issuer: X509Certificate): boolean =>
  one.checkIssued(issuer) && one.verify(issuer.publicKey)

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth']
const ordinal = (index: number): string => ordinals[index] ?? `${index + 1}th`

/** For people: its common name, else the host that it is for. */
function nameOf(one: X509Certificate): string {
  return /^CN=(.+)$/m.exec(one.subject ?? '')?.[1] ?? namesOf(one)[0] ?? 'an unnamed owner'
}

function issuerOf(one: X509Certificate): string {
  return /^CN=(.+)$/m.exec(one.issuer)?.[1] ?? one.issuer.replaceAll('\n', ', ')
}

const refused = (message: string): HearthError => new HearthError('invalid_params', message)
