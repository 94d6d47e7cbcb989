import { rm } from 'node:fs/promises'
import path from 'node:path'
import { findFiles, findStartScripts } from '../jvm/find-files.ts'
import type { DefaultProcess } from '../lib/buildpack.ts'
import type { Source } from '../lib/source.ts'

/** What sbt-native-packager's `stage` makes, of the app or of one of its projects. */
const staged = '{,*/,modules/*/}target/universal/stage/bin/*'

/** As on Heroku: the only start script is the web process. Play and what follows it take the port like this. */
export async function chooseProcesses({ app }: Source): Promise<DefaultProcess[]> {
  const scripts = await findStartScripts(app, staged)
  const [only] = scripts
  if (!only || scripts.length > 1) return []
  return [{ type: 'web', command: `${only} -Dhttp.port=$PORT`, guessedFrom: null }]
}

/** A dyno runs what `stage` put together; what it was compiled from and to is of no use there. */
export async function removeCompiled(app: string): Promise<void> {
  const useless = ['project/{target,project}', '.bsp']
  const isStaged = (await findStartScripts(app, staged)).length > 0
  if (isStaged)
    useless.push(
      '{,*/,modules/*/}target/{scala-*,streams,global-logging,task-temp-directory}',
      '{,*/,modules/*/}target/universal/{tmp,scripts}',
    )
  for (const pattern of useless)
    for (const name of await findFiles(app, pattern)) await rm(path.join(app, name), { recursive: true, force: true })
}
