import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Build } from '../lib/build.ts'
import { printDetail } from '../lib/output.ts'

const folder = 'target/lib'
/** In the app: its own folders and its libraries, as `java -cp` takes them. */
export const classPathFile = 'target/classpath'

/**
 * Copies what lies outside the app into it, for a dyno has neither Maven's repository nor clones of git. `printed` is what
 * `clojure -Spath` says: `src:resources:/cache/.../data.json-2.5.0.jar:/cache/gitlibs/libs/org/lib/1f2e3d/src`.
 */
export async function gatherLibraries(build: Pick<Build, 'app'>, printed: string): Promise<void> {
  const entries = printed.trim().split('\n').at(-1)?.split(':') ?? []
  const names = new Set<string>()
  const own: string[] = []
  await mkdir(path.join(build.app, folder), { recursive: true })
  for (const entry of entries) {
    const inside = path.relative(build.app, path.resolve(build.app, entry))
    if (!inside.startsWith('..')) own.push(inside)
    else {
      const name = names.has(path.basename(entry)) ? `${names.size}-${path.basename(entry)}` : path.basename(entry)
      names.add(name)
      await cp(entry, path.join(build.app, folder, name), { recursive: true })
      own.push(`${folder}/${name}`)
    }
  }
  await writeFile(path.join(build.app, classPathFile), own.join(':'))
  printDetail(`${names.size} libraries in ${folder}, the class path in ${classPathFile}`)
}
