// Certificates for tests, as an authority would have made them.
import { type Certified, makeAuthority, makeLeaf } from '../../../agent/certificates/x509.ts'

const dayMs = 24 * 60 * 60_000
/** Of the manual clock's first day and of today. */
export const long = { notBefore: new Date('2025-12-01T00:00:00Z'), notAfter: new Date(Date.now() + 400 * dayMs) }

export const makeRoot = (name = 'Test root'): Promise<Certified> => makeAuthority(name, long, null)

/** A leaf with its root behind it. */
export async function makeCertified(...names: string[]): Promise<Certified> {
  const root = await makeRoot()
  const leaf = await makeLeaf(root, names, long)
  return { certificate: `${leaf.certificate}\n${root.certificate}\n`, key: leaf.key }
}
