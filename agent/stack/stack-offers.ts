import { HearthError } from '../contract/errors.ts'
import { type AptSource, chooseOwnSources } from './apt-configuration.ts'
import type { OsRelease } from './os-release.ts'

/** Where a distribution's packages are. */
export interface StackArchive {
  readonly url: string
  /** Of security updates. */
  readonly securityUrl: string
}

/** A stack that can be made here. */
export interface StackOffer extends OsRelease {
  /** Where its packages come from when the server's own sources have none of them. */
  readonly archive: StackArchive | null
}

/** Releases that buildpacks here are tried on, by distribution. */
const releases: readonly OsRelease[] = [
  { stack: 'debian-12', codename: 'bookworm' },
  { stack: 'debian-13', codename: 'trixie' },
  { stack: 'ubuntu-22.04', codename: 'jammy' },
  { stack: 'ubuntu-24.04', codename: 'noble' },
]

interface Keyring {
  readonly file: string
  /** The package that brings it. */
  readonly package: string
  /** That package in the distribution's own archive. */
  readonly source?: { readonly path: string; readonly sha256: string }
}

/** Where each distribution keeps the keys that its archive is signed with. */
export const keyrings: Readonly<Record<string, Keyring>> = {
  debian: { file: '/usr/share/keyrings/debian-archive-keyring.gpg', package: 'debian-archive-keyring' },
  ubuntu: {
    file: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
    package: 'ubuntu-keyring',
    // Of Ubuntu 24.04; its keys sign the releases before it too.
    source: {
      path: 'pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb',
      sha256: '36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8',
    },
  },
}

export const distributionOf = ({ stack }: OsRelease): string => stack.split('-')[0] ?? ''

/**
 * Reads `HEARTH_STACKS`: `ubuntu-24.04=http://mirror.example/ubuntu debian-13=http://mirror.example/debian,http://security.example/debian-security`.
 * Without a second address security updates are where each distribution has them: Debian's beside its archive, Ubuntu's in it.
 */
export function parseStackArchives(text: string): ReadonlyMap<string, StackArchive> {
  const pairs = text.split(/\s+/).filter(Boolean)
  return new Map(
    pairs.map((pair) => {
      const [, name = '', url, security] =
        /^([a-z]+-[\d.]+)=(https?:\/\/[^\s,]+)(?:,(https?:\/\/[^\s,]+))?$/.exec(pair) ?? []
      const usual = name.startsWith('debian-') ? `${url?.replace(/\/+$/, '')}-security` : url
      if (url && usual && releases.some(({ stack }) => stack === name))
        return [name, { url, securityUrl: security ?? usual }]
      const known = releases.map(({ stack }) => stack).join(', ')
      throw new HearthError('bad_request', `HEARTH_STACKS has pairs STACK=ADDRESS with one of ${known}, not ${pair}.`)
    }),
  )
}

/** The server's own release first, then its distribution's others, whose archive is the same, then those with an archive of their own. */
export function listOffers(own: OsRelease, archives: ReadonlyMap<string, StackArchive>): [StackOffer, ...StackOffer[]] {
  const others = releases.filter(
    (one) => one.stack !== own.stack && (distributionOf(one) === distributionOf(own) || archives.has(one.stack)),
  )
  return [{ ...own, archive: null }, ...others.map((one) => ({ ...one, archive: archives.get(one.stack) ?? null }))]
}

/** Where an offer's packages come from; `sources` are the server's own of all kinds. */
export function chooseSources({ offer, own, sources }: { offer: StackOffer; own: OsRelease; sources: AptSource[] }) {
  if (offer.archive !== null) return listArchive(offer, offer.archive)
  // Debian and Ubuntu keep their releases side by side, each with the same parts.
  const rename = (release: string) => release.replace(own.codename, offer.codename)
  return chooseOwnSources(sources, own.codename).map((one) => ({ ...one, release: rename(one.release) }))
}

function listArchive(offer: StackOffer, { url, securityUrl }: StackArchive): AptSource[] {
  const components = distributionOf(offer) === 'ubuntu' ? ['main', 'universe'] : ['main']
  const signedBy = keyrings[distributionOf(offer)]?.file ?? ''
  const parts = { '': url, '-updates': url, '-security': securityUrl }
  return Object.entries(parts).map(([part, uri]) => ({
    uri,
    release: `${offer.codename}${part}`,
    components,
    signedBy,
  }))
}
