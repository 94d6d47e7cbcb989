import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

const systemBundle = '/etc/ssl/certs/ca-certificates.crt'
/** What keytool and Debian's own package protect such stores with; it keeps nothing secret. */
const password = 'changeit'

/**
 * What the server trusts, in Java's own format: a JDK from an archive brings authorities of its own, and the one of the packages
 * has those of the day on which its layer was made. Null where the machine has no bundle of certificates.
 */
export async function writeTrustStore(cache: string, bundle = systemBundle): Promise<string | null> {
  const text = await readFile(bundle, 'latin1').catch(() => null)
  if (text === null) return null
  const file = path.join(cache, 'cacerts')
  await writeFile(file, renderTrustStore(parseBundle(text)))
  return file
}

export function parseBundle(text: string): Buffer[] {
  const blocks = text.matchAll(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----([\s\S]*?)-----END/g)
  return [...blocks].map(([, body = '']) => Buffer.from(body, 'base64'))
}

/**
 * The format JKS, version 2, as sun.security.provider.JavaKeyStore reads it: a head, an entry for each certificate, and a digest over
 * all of it behind the password and a fixed phrase. All JDKs of today read it, whatever their own default is.
 */
export function renderTrustStore(certificates: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [renderNumbers(0xfeedfeed, 2, certificates.length)]
  for (const [at, certificate] of certificates.entries())
    parts.push(
      renderNumbers(2),
      renderText(`authority-${at}`),
      Buffer.alloc(8),
      renderText('X.509'),
      renderNumbers(certificate.length),
      certificate,
    )
  const body = Buffer.concat(parts)
  const digest = createHash('sha1')
    .update(Buffer.from(password, 'utf16le').swap16())
    .update('Mighty Aphrodite')
    .update(body)
  return Buffer.concat([body, digest.digest()])
}

function renderNumbers(...numbers: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 * numbers.length)
  for (const [at, number] of numbers.entries()) buffer.writeUInt32BE(number, 4 * at)
  return buffer
}

function renderText(text: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  return Buffer.concat([length, Buffer.from(text, 'latin1')])
}
