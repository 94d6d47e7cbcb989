import { createHash, createPublicKey, verify } from 'node:crypto'
import { type ReleaseLink, renderReleaseLink } from '../../../agent/contract/releases/release.ts'

/** What is wrong with a link on its own. */
export type LinkFault = 'wrong-hash' | 'bad-signature'

const checked = new Map<string, LinkFault | null>()
/** Enough for every release of a busy desk; a signature costs 0.1 ms to check again. */
const maximumChecked = 50_000

/** Checks that a link's hash is its content's and its signature the server's. `publicKey` is SPKI in base64. */
export function findLinkFault(link: ReleaseLink, publicKey: string): LinkFault | null {
  const hash = createHash('sha256').update(renderReleaseLink(link)).digest()
  if (hash.toString('hex') !== link.hash) return 'wrong-hash'
  const known = `${link.hash} ${link.signature} ${publicKey}`
  const found = checked.get(known)
  if (found !== undefined) return found
  const fault = isSigned(hash, link.signature, publicKey) ? null : 'bad-signature'
  if (checked.size >= maximumChecked) checked.clear()
  checked.set(known, fault)
  return fault
}

function isSigned(hash: Uint8Array, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return verify(null, hash, key, Buffer.from(signature, 'base64'))
  } catch {
    // No key or no signature at all.
    return false
  }
}

export type ChainFault =
  | { kind: 'gap'; version: number; expected: number }
  | { kind: 'fork'; version: number }
  | { kind: 'rewrite'; version: number }
  | { kind: 'bad-signature'; version: number; fault: LinkFault }

/**
 * Compares what a server tells now with what the ledger has of one app. `news` are the links to append, in order, up
 * to the first fault; what is known and was told differently, or is not told any more, is a fault and never replaced.
 */
export function compareChains(
  known: readonly ReleaseLink[],
  told: readonly ReleaseLink[],
  publicKey: string,
): { news: ReleaseLink[]; faults: ChainFault[] } {
  const faults: ChainFault[] = []
  const byVersion = new Map(told.map((link) => [link.version, link]))
  for (const link of known) {
    const now = byVersion.get(link.version)
    if (!now) faults.push({ kind: 'rewrite', version: link.version })
    else if (now.hash !== link.hash) faults.push({ kind: 'fork', version: link.version })
  }
  if (faults.length > 0) return { news: [], faults }
  const news: ReleaseLink[] = []
  let last = known.at(-1)
  for (const link of told.filter(({ version }) => version > (known.at(-1)?.version ?? 0)).sort(byVersionAscending)) {
    const fault = findJoint(last, link, publicKey)
    if (fault) return { news, faults: [fault] }
    news.push(link)
    last = link
  }
  return { news, faults }
}

const noPrevious = '0'.repeat(64)

function findJoint(last: ReleaseLink | undefined, link: ReleaseLink, publicKey: string): ChainFault | null {
  const expected = (last?.version ?? 0) + 1
  if (link.version !== expected) return { kind: 'gap', version: link.version, expected }
  const fault = findLinkFault(link, publicKey)
  if (fault) return { kind: 'bad-signature', version: link.version, fault }
  return link.previous_hash === (last?.hash ?? noPrevious) ? null : { kind: 'fork', version: link.version }
}

function byVersionAscending(a: ReleaseLink, b: ReleaseLink): number {
  return a.version - b.version
}
