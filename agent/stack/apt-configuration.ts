/** One package source of the server, as apt itself names it. */
export interface AptSource {
  readonly uri: string
  readonly release: string
  readonly components: readonly string[]
  readonly signedBy: string
}

/** A format for `apt-get indextargets`: it reads every way in which sources can be written, so that we need not. */
export const indexTargetFormat = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)'

/** Reads what that prints: `http://deb.debian.org/debian/|bookworm|main|/usr/share/keyrings/debian-archive-keyring.gpg` */
export function parseIndexTargets(text: string): AptSource[] {
  const sources = new Map<string, AptSource & { components: string[] }>()
  for (const line of text.split('\n')) {
    const [uri, release, component, signedBy = ''] = line.trim().split('|')
    if (!uri || !release || !component) continue
    const source = sources.get(`${uri} ${release}`) ?? { uri, release, components: [], signedBy }
    if (!source.components.includes(component)) source.components.push(component)
    sources.set(`${uri} ${release}`, source)
  }
  return [...sources.values()]
}

/** The distribution's own sources; what else the server has been given is no part of a stack. */
export function chooseOwnSources(sources: readonly AptSource[], codename: string): AptSource[] {
  const own = new RegExp(`^${codename}(-updates|-security)?(/updates)?$`)
  return sources.filter(({ release, components }) => own.test(release) && components.includes('main'))
}

export function renderSourcesList(sources: readonly AptSource[]): string {
  return sources
    .map(({ uri, release, components, signedBy }) => {
      // A key may also stand in the file itself, in which case there is no path to give.
      const option = signedBy.startsWith('/') ? `[signed-by=${signedBy}] ` : ''
      return `deb ${option}${uri} ${release} ${components.join(' ')}\n`
    })
    .join('')
}

/** How the server's apt reaches its mirror: proxies, and tolerance of an archive that stands still. */
export function chooseAptOptions(dump: string): string[] {
  const carried = /^Acquire::(https?::Proxy\S*|Check-Valid-Until|Check-Date) ".+";$/i
  return dump.split('\n').filter((line) => carried.test(line))
}
