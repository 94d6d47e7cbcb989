import { existsSync, readFileSync } from 'node:fs'
import { run } from './run.ts'

/** Where this machine's own apt finds Debian; the servers use the same, so no host name is written here. */
export interface AptSource {
  uri: string
  release: string
  components: string[]
}

/** One line an index, made by `apt-get indextargets --format`: `REPO_URI RELEASE COMPONENT`. */
export function parseIndexTargets(text: string): AptSource[] {
  const sources = new Map<string, AptSource>()
  for (const line of text.split('\n')) {
    const [uri, release, component] = line.trim().split(/\s+/)
    if (!uri || !release || !component) continue
    const source = sources.get(`${uri} ${release}`) ?? { uri, release, components: [] }
    if (!source.components.includes(component)) source.components.push(component)
    sources.set(`${uri} ${release}`, source)
  }
  return [...sources.values()]
}

/** The lines for `suite`, from the entries that belong to the host's own release; other repositories are left out. */
export function renderSources(sources: AptSource[], hostCodename: string, suite: string): string[] {
  const own = sources.filter(({ release }) => release === hostCodename || release.startsWith(`${hostCodename}-`))
  return own.map(({ uri, release, components }) => {
    const target = release.replace(hostCodename, suite)
    return `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${uri} ${target} ${components.join(' ')}`
  })
}

/** Empty when this isn't a Debian machine: mmdebstrap then uses its own default mirror. */
export async function aptSources(suite: string): Promise<string[]> {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  const codename = /^VERSION_CODENAME=(\S+)/m.exec(release)?.[1]
  if (!/^ID=debian$/m.test(release) || !codename) return []
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)'
  const { stdout } = await run(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages'])
  return renderSources(parseIndexTargets(stdout), codename, suite)
}

/** How this machine's apt reaches and judges its mirror: proxies and tolerance of old release files. */
export async function aptConfiguration(): Promise<string> {
  const { stdout } = await run(['apt-config', 'dump'])
  const carried = /^Acquire::(https?::Proxy\S*|Check-Valid-Until|Check-Date) ".+";$/i
  return stdout
    .split('\n')
    .filter((line) => carried.test(line))
    .join('\n')
}
