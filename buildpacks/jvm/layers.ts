import type { LayerChoice } from '../lib/buildpack.ts'
import { platformEnvironment } from '../lib/config.ts'
import { BuildError, printDetail, printHeader } from '../lib/output.ts'
import { runProgram } from '../lib/process.ts'
import type { Source } from '../lib/source.ts'
import { chooseJava, findJavaWish, type JavaFloor } from './version.ts'

/** The JDK for the build and the runtime for the dynos, by what the app says or its build file needs. */
export async function chooseJavaLayers(
  source: Source,
  floor: JavaFloor | null,
  more: readonly string[] = [],
): Promise<LayerChoice> {
  const machine = source.stack === 'local' ? ((await askJava())?.split('.')[0] ?? null) : null
  const wish = await findJavaWish(source)
  const { offer, warnings } = chooseJava({ stack: source.stack, machine, wish, floor })
  return { lines: [...offer.layer.split('\n'), ...more], warnings }
}

/** `17.0.15`, of the Java that a build has or this machine; null where there is none. */
export async function askJava(): Promise<string | null> {
  const options = { directory: '/', environment: platformEnvironment, isQuiet: true }
  const found = await runProgram('javac', ['-version'], options).catch(() => null)
  return /^javac (?:1\.(?=8))?(\d+(?:[._]\d+)*)/m.exec(found?.output ?? '')?.[1] ?? null
}

/** The same for a build that is to use it, told to the user. */
export async function requireJava(): Promise<string> {
  const java = await askJava()
  if (java === null) throw new BuildError('java-missing', 'There is no Java in this build.', 'Deploy again.')
  printHeader('Runtime')
  printDetail(`OpenJDK ${java}`)
  return java
}
