import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Build } from '../lib/build.ts'

/** Where the two repositories that both tools know are to be had instead, by the names that both have for them. */
export function chooseMirrors({ environment }: Pick<Build, 'environment'>): Record<string, string> {
  const { MAVEN_MIRROR_URL: central, CLOJARS_MIRROR_URL: clojars } = environment
  return { ...(central && { central }), ...(clojars && { clojars }) }
}

/**
 * Tells Leiningen of them, unless the app names its own, and returns the file to remove when it is done. Of all places it is the one that
 * counts whichever profiles a task chooses, since Leiningen 2.8.2. By https only: Leiningen reads nothing by http.
 */
export async function writeLeinMirrors(build: Build): Promise<string | null> {
  const mirrors = Object.entries(chooseMirrors(build)).filter(([, address]) => address.startsWith('https:'))
  const isOwn = build.names.has(overrides) || /:mirrors\b/.test((await build.read('project.clj')) ?? '')
  if (mirrors.length === 0 || isOwn) return null
  const file = path.join(build.app, overrides)
  await writeFile(file, `{:mirrors [${mirrors.map(renderLeinMirror).join(' ')}]}\n`)
  return file
}

const overrides = 'repository-overrides.clj'

/** https://codeberg.org/leiningen/leiningen/src/branch/main/sample.project.clj */
const renderLeinMirror = ([repository, address]: [string, string]) =>
  `["${repository}" {:name "hearth-${repository}" :url ${JSON.stringify(address)}}]`
