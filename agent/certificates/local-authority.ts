import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocalAuthority } from '../core/ports/domains/certification.ts'
import type { Certified } from './x509.ts'

const dayMs = 24 * 60 * 60_000
const authorityDays = 10 * 365
const leafDays = 90

/** What no authority that others trust may speak for; this one may speak for nothing else. */
const constraints = {
  domains: ['local', 'localhost', 'internal', 'home.arpa', 'lan', 'test'],
  networks: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', 'fc00::/7', '::1/128'],
}

/**
 * The server's own authority, in the folder of its keys, where only root reads. It is made on the server and not on a desktop: leaves are
 * renewed while all desktops sleep, several desktops trust the same one, and its key never travels.
 */
export function openLocalAuthority(folder: string, serverName: string): LocalAuthority {
  const files = { certificate: join(folder, 'authority.pem'), key: join(folder, 'authority.key') }
  const read = async (): Promise<Certified | null> => {
    try {
      const [certificate, key] = await Promise.all([readFile(files.certificate, 'utf8'), readFile(files.key, 'utf8')])
      return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)) ? { certificate, key } : null
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }
  return {
    domains: constraints.domains,
    async certificate() {
      return (await read())?.certificate ?? null
    },
    async make() {
      const known = await read()
      if (known) return known.certificate
      const { makeAuthority } = await import('./x509.ts')
      const made = await makeAuthority(
        `Hearth on ${serverName.replace(/[^\w .-]/g, '')}`,
        from(authorityDays),
        constraints,
      )
      await writeWhole(files.key, made.key)
      await writeWhole(files.certificate, made.certificate)
      return made.certificate
    },
    async issue(hostname) {
      const authority = await read()
      if (!authority) return null
      const { makeLeaf } = await import('./x509.ts')
      const leaf = await makeLeaf(authority, [hostname], from(leafDays))
      return { key: leaf.key, certificate: `${leaf.certificate}\n${authority.certificate}\n` }
    },
    async destroy() {
      await rm(files.certificate, { force: true })
      await rm(files.key, { force: true })
    },
  }
}

/** A day early: clocks of the local network go wrong a little. */
const from = (days: number) => ({
  notBefore: new Date(Date.now() - dayMs),
  notAfter: new Date(Date.now() + days * dayMs),
})

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.next`, text, { mode: 0o600 })
  await rename(`${path}.next`, path)
}
