import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { HearthError } from '../../../agent/contract/errors.ts'
import { writeFileWhole } from '../../core/json-file.ts'
import { whileAlone } from '../../core/state-file.ts'
import type { Certified } from './certificates.ts'

export interface AuthorityFiles {
  /** For programs that shall trust this desktop's gateway. */
  readonly certificate: string
  /** Readable by its user only. */
  readonly key: string
}

const authorityDays = 10 * 365
const authorityRenewalDays = 365
const leafDays = 30
const leafRenewalDays = 10
const dayMs = 24 * 60 * 60_000

/** This desktop's own certificate authority, and the certificate that its gateway shows. */
export class Authority {
  readonly #authority: Certified
  readonly #now: () => number
  #leaf: { certified: Certified; untilMs: number } | null = null

  private constructor(authority: Certified, now: () => number) {
    this.#authority = authority
    this.#now = now
  }

  /** Makes one where there is none, or one that ends soon. */
  static async open(files: AuthorityFiles, now: () => number = Date.now): Promise<Authority> {
    const read = () => readAuthority(files, now())
    // A program that starts at the same moment must not show what another authority has signed than the one that lies there.
    const known = (await read()) ?? (await whileAlone(files.key, async () => (await read()) ?? write(files, now())))
    return new Authority(known, now)
  }

  /** What the gateway shows now; another one when the last comes near its end. */
  async leaf(): Promise<Certified> {
    const now = this.#now()
    if (this.#leaf && now < this.#leaf.untilMs - leafRenewalDays * dayMs) return this.#leaf.certified
    const { makeLeaf } = await import('./certificates.ts')
    const certified = await makeLeaf(this.#authority, new Date(now), leafDays)
    this.#leaf = { certified, untilMs: now + leafDays * dayMs }
    return certified
  }
}

async function write(files: AuthorityFiles, now: number): Promise<Certified> {
  // Loaded only here and for a leaf: most commands need neither.
  const { makeAuthority } = await import('./certificates.ts')
  const made = await makeAuthority(new Date(now), authorityDays)
  await writeFileWhole(files.key, made.key)
  await writeFileWhole(files.certificate, made.certificate)
  return made
}

/** Null when there is none that can be used: a pair that does not fit together is made anew. */
async function readAuthority(files: AuthorityFiles, now: number): Promise<Certified | null> {
  try {
    const [certificate, key] = await Promise.all([readFile(files.certificate, 'utf8'), readFile(files.key, 'utf8')])
    const parsed = new X509Certificate(certificate)
    const isUsable =
      parsed.ca &&
      parsed.checkPrivateKey(createPrivateKey(key)) &&
      Date.parse(parsed.validTo) - now > authorityRenewalDays * dayMs
    return isUsable ? { certificate, key } : null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM') {
      throw new HearthError('forbidden', `Could not read ${files.key}: it belongs to somebody else. Remove it.`)
    }
    return null
  }
}
