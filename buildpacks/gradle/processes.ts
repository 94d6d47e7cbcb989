import { findStartScripts } from '../jvm/find-files.ts'
import { chooseJarProcess, frameworks } from '../jvm/web-command.ts'
import type { DefaultProcess } from '../lib/buildpack.ts'
import type { Source } from '../lib/source.ts'
import { readBuildFiles } from './build-file.ts'

/** What `installDist` made, else the jar of a framework, else any jar that names a main class. */
export async function chooseProcesses(source: Source): Promise<DefaultProcess[]> {
  const text = await readBuildFiles(source)
  const web = (await chooseStartScript(source, text)) ?? (await chooseJarProcess(source, 'build/libs', text))
  return web ? [web] : []
}

async function chooseStartScript({ app }: Source, text: string): Promise<DefaultProcess | null> {
  const installed = 'build/install/*/bin/*'
  const [script] = [...(await findStartScripts(app, installed)), ...(await findStartScripts(app, `*/${installed}`))]
  if (!script) return null
  const parameters = frameworks.find(({ pattern, isKnown }) => !isKnown && pattern.test(text))?.parameters
  return { type: 'web', command: [script, parameters].filter(Boolean).join(' '), guessedFrom: script }
}
