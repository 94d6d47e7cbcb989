import 'reflect-metadata'
import { AuthorityKeyIdentifierExtension, X509Certificate } from '@peculiar/x509'

/** How an authority knows a certificate whose renewal is asked about (RFC 9773, 4.1): its issuer's key and its own number. */
export function renewalPath(certificate: string): string {
  const leaf = new X509Certificate(certificate)
  const keyId = leaf.getExtension(AuthorityKeyIdentifierExtension)?.keyId ?? ''
  // A number whose first bit is set has a zero before it, as in the certificate.
  const serial = Number.parseInt(leaf.serialNumber.slice(0, 2), 16) > 127 ? `00${leaf.serialNumber}` : leaf.serialNumber
  return [keyId, serial].map((hex) => Buffer.from(hex, 'hex').toString('base64url')).join('.')
}
