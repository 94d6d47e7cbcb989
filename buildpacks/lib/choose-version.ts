import {
  chooseNewest,
  includesVersion,
  intersectRanges,
  parseRange,
  parseVersion,
  type Version,
  type VersionRange,
} from '../../agent/core/builds/version-range.ts'
import { BuildError } from './output.ts'

/** What an app asks for: `3.12`, from `.python-version`. */
export interface VersionWish {
  readonly text: string
  readonly from: string
}

/** A version that can be had, and the line of bin/layers that gets it. `3.11` is the stack's: which patch, only apt knows. */
export interface VersionOffer {
  readonly version: string
  readonly layer: string
}

/** An upstream archive of one version, its digest pinned for each architecture that Node knows by this name. */
export interface PinnedArchive {
  readonly version: string
  readonly sha256: Readonly<Record<string, string>>
}

export interface VersionChoice {
  readonly offer: VersionOffer
  readonly warnings: readonly string[]
}

/** The first source that has a wish counts. */
export async function findWish(sources: readonly (() => Promise<VersionWish | null>)[]): Promise<VersionWish | null> {
  for (const source of sources) {
    const wish = await source()
    if (wish) return wish
  }
  return null
}

/** The pinned archives that this machine's architecture has, as offers. */
export function offerArchives(
  name: string,
  archives: readonly PinnedArchive[],
  renderUrl: (version: string, architecture: string) => string,
  architecture: string = process.arch,
): VersionOffer[] {
  return archives.flatMap(({ version, sha256 }) => {
    const digest = sha256[architecture]
    const layer = `archive ${name} ${version} sha256:${digest} ${renderUrl(version, architecture)}`
    return digest ? [{ version, layer }] : []
  })
}

/**
 * The stack's own version where it fits, because it is shared and looked after by the distribution; else the newest archive
 * that fits. An exact version that nobody has gets another patch of the same line, with a warning.
 */
export function chooseVersion(options: {
  readonly language: string
  readonly wish: VersionWish | null
  /** The stack's own; null where it has none or nobody knows. */
  readonly stack: VersionOffer | null
  readonly archives: readonly VersionOffer[]
  /** For an app without a wish; without it, the stack's own or the newest. */
  readonly byDefault?: string
  /** What a user writes to ask for another. */
  readonly advice: string
}): VersionChoice {
  const { language, wish, stack, archives, byDefault, advice } = options
  const all = [...(stack ? [stack] : []), ...archives]
  const text = wish?.text ?? byDefault ?? stack?.version ?? '*'
  const range = parseRange(text)
  if (!range || range.length === 0)
    throw new BuildError('invalid-version', `'${text}' in ${wish?.from} is not a version of ${language}.`, advice)
  const exact = all.find(({ version }) => version === text)
  const found = exact ?? (stack && fits(stack, range) ? stack : findNewest(archives, range))
  // The distribution's patch is not known: it may not be the one that is asked for.
  const isOther = parseVersion(text) !== null && found?.version !== text
  if (found && !isOther) return { offer: found, warnings: [] }
  const near = parseVersion(text) ? findLine(all, text) : null
  if (!near) throw describeMissing(language, text, wish?.from ?? 'the default', all, advice)
  const warning = `${language} ${text} (${wish?.from}) can't be had here: using ${near.version}, of the same line.`
  return { offer: near, warnings: [`${warning}\n${advice}`] }
}

function fits({ version }: VersionOffer, range: VersionRange): boolean {
  const exact = parseVersion(version)
  return exact ? includesVersion(range, exact) : intersectRanges(parseRange(version) ?? [], range).length > 0
}

function findNewest(offers: readonly VersionOffer[], range: VersionRange): VersionOffer | null {
  const newest = chooseNewest(
    offers.map(({ version }) => version),
    range,
  )
  return offers.find(({ version }) => version === newest) ?? null
}

/** The stack's or the newest of the same major and minor version. */
function findLine(offers: readonly VersionOffer[], text: string): VersionOffer | null {
  const [major, minor] = parseVersion(text) as Version
  const line = parseRange(`${major}.${minor}`) ?? []
  return offers.find((offer) => parseVersion(offer.version) === null && fits(offer, line)) ?? findNewest(offers, line)
}

function describeMissing(language: string, text: string, from: string, all: readonly VersionOffer[], advice: string) {
  const have = all.map(({ version }) => version).join(', ')
  return new BuildError(
    'version-not-available',
    `No version of ${language} fits '${text}' (${from}) on this server.`,
    `What can be had: ${have || 'none'}.\n${advice}`,
  )
}
