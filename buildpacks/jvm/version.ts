import {
  chooseVersion,
  findWish,
  offerArchives,
  type VersionChoice,
  type VersionOffer,
  type VersionWish,
} from '../lib/choose-version.ts'
import { BuildError } from '../lib/output.ts'
import type { Source } from '../lib/source.ts'
import { listJavaArchives, renderJavaArchiveUrl } from './archives.ts'

const advice = 'Write a version into system.properties, for example:\n  java.runtime.version=21'

/** Which OpenJDK each stack's own packages have, its default first. */
const ofStack: Readonly<Record<string, readonly string[]>> = {
  'debian-12': ['17'],
  'debian-13': ['21', '25'],
  'ubuntu-22.04': ['17', '8', '11', '21'],
  'ubuntu-24.04': ['21', '8', '11', '17', '25'],
}

/** A version as people write it, without the distribution's name and build: `temurin-21.0.2+13`, `21.0.2-tem`, `1.8`. */
const written = /^(?:[a-z][a-z-]*-)?(?:1\.(?=[5-8]\b))?(\d+(?:\.\d+){0,2})(?:[.+_-]\S*)?$/i

/** In the order of precedence; Heroku knows system.properties only. */
export async function findJavaWish(source: Source): Promise<VersionWish | null> {
  const file = (name: string, pattern: RegExp) => async () => {
    const [, text] = pattern.exec((await source.read(name)) ?? '') ?? []
    return text ? readVersion(text.trim(), name) : null
  }
  return findWish([
    file('system.properties', /^\s*java\.runtime\.version\s*[=:]\s*(\S+)/m),
    file('.java-version', /^\s*([^\s#]+)/m),
    file('.sdkmanrc', /^\s*java\s*=\s*(\S+)/m),
    file('.tool-versions', /^\s*java\s+(\S+)/m),
  ])
}

function readVersion(text: string, from: string): VersionWish {
  const [, version] = written.exec(text) ?? []
  if (version) return { text: version, from }
  throw new BuildError('invalid-version', `'${text.slice(0, 100)}' in ${from} is not a version of Java.`, advice)
}

/** What an app's build file asks for at least: its code is compiled for that line, and a newer JDK compiles for it too. */
export interface JavaFloor {
  readonly major: number
  readonly from: string
  /** No newer one does. */
  readonly isExact?: boolean
}

/** `machine` is the major version of the Java of a machine that is its own stack: `17`. */
export function chooseJava(options: {
  readonly stack: string
  readonly machine: string | null
  readonly wish: VersionWish | null
  readonly floor: JavaFloor | null
}): VersionChoice {
  const own = ofStack[options.stack] ?? (options.machine ? [options.machine] : [])
  const wish = options.wish ?? wishForFloor(own, options.floor)
  const stackVersion = own.find((one) => wish !== null && Number.parseInt(wish.text, 10) === Number(one)) ?? own[0]
  const stack: VersionOffer | null = stackVersion
    ? { version: stackVersion, layer: renderPackages(stackVersion) }
    : null
  const choice = chooseVersion({
    language: 'Java',
    wish,
    stack,
    archives: offerJava(),
    byDefault: own[0] ?? '21',
    advice,
  })
  const said = `The app names no version of Java: using ${choice.offer.version}, which may change with the server's stack.\n${advice}`
  return wish ? choice : { ...choice, warnings: [said] }
}

/** The stack's own where one is new enough, else the line that is asked for, or the oldest that there is. */
function wishForFloor(own: readonly string[], floor: JavaFloor | null): VersionWish | null {
  if (floor === null) return null
  const newer = own.find((one) => Number(one) >= floor.major) ?? findLine(floor.major)
  const fit = floor.isExact ? String(floor.major) : newer
  return { text: fit, from: floor.from }
}

function findLine(major: number): string {
  const lines = listJavaArchives('jdk').map(({ version }) => Number.parseInt(version, 10))
  return String(lines.find((line) => line >= major) ?? major)
}

function offerJava(): VersionOffer[] {
  const offers = (kind: 'jdk' | 'jre') =>
    offerArchives(kind, listJavaArchives(kind), (version, architecture) =>
      renderJavaArchiveUrl(kind, version, architecture),
    )
  const runtimes = offers('jre')
  return offers('jdk').map(({ version, layer }, at) => ({ version, layer: `build ${layer}\n${runtimes[at]?.layer}` }))
}

/** The whole JDK compiles; the runtime without what draws on screens is enough for a dyno, and 75 MB smaller. */
function renderPackages(major: string): string {
  return `build apt openjdk-${major}-jdk-headless for javac\napt openjdk-${major}-jre-headless for java`
}
