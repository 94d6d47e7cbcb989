import { platformEnvironment } from '../lib/config.ts'
import type { Source } from '../lib/source.ts'

/** https://maven.apache.org/repository/ */
export const central = 'https://repo.maven.apache.org/maven2'

/** Maven Central, or the mirror of it that the app or its server names; without a slash at its end. */
export function locateCentral({ configVars }: Pick<Source, 'configVars'>): string {
  const place = configVars.get('MAVEN_MIRROR_URL') ?? platformEnvironment.MAVEN_MIRROR_URL ?? central
  return place.replace(/\/$/, '')
}

/** Settings of Maven that turn every use of these repositories to a mirror. https://maven.apache.org/guides/mini/guide-mirror-settings.html */
export function renderMirrors(mirrors: Readonly<Record<string, string>>): string {
  return `<settings>\n  <mirrors>\n${Object.entries(mirrors).map(renderMirror).join('')}  </mirrors>\n</settings>\n`
}

function renderMirror([repository, address]: [string, string]): string {
  const escaped = address.replace(/&/g, '&amp;').replace(/</g, '&lt;')
  return `    <mirror>
      <id>hearth-${repository}</id>
      <mirrorOf>${repository}</mirrorOf>
      <url>${escaped}</url>
    </mirror>
`
}
