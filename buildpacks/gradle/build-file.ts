import type { JavaFloor } from '../jvm/version.ts'
import { listFoldersUp, type Source } from '../lib/source.ts'

const names = [
  'build.gradle.kts',
  'build.gradle',
  'settings.gradle.kts',
  'settings.gradle',
  'gradle/libs.versions.toml',
]

/**
 * The text of what says how an app is built, those of its modules too, without whole lines of comment. For an app that is a module
 * itself also what stands above it, where versions and settings of all modules are; nothing of the other modules.
 */
export async function readBuildFiles(source: Source): Promise<string> {
  const own = await readAll(source, names)
  const modules = findModules(own)
  const files = modules.flatMap((folder) => [`${folder}/build.gradle.kts`, `${folder}/build.gradle`])
  const above = listFoldersUp(source).slice(1)
  const outer = above.flatMap((folder) => names.map((name) => `${folder}/${name}`))
  return [own, await readAll(source, [...files, ...outer])].join('\n').replace(/^\s*\/\/.*$/gm, '')
}

async function readAll(source: Source, files: readonly string[]): Promise<string> {
  const texts = await Promise.all(files.map((name) => source.read(name)))
  return texts.map((text) => text ?? '').join('\n')
}

/** `include ':api', 'web:site'` and `include("api")`: names with colons for folders. */
function findModules(text: string): string[] {
  const lines = [...text.matchAll(/^\s*include\b\s*\(?([^)\n]*)/gm)].flatMap(([, list = '']) => list.split(','))
  const modules = lines.map((one) => one.trim().replace(/["']/g, '').replace(/^:/, '').replaceAll(':', '/'))
  return modules.filter((name) => /^[\w.-]+(?:\/[\w.-]+)*$/.test(name) && !name.includes('..'))
}

/** A toolchain is exactly that Java, since Gradle would have to fetch it; a level of the code is the least. */
export function findGradleFloor(text: string): JavaFloor | null {
  const [, toolchain] = /JavaLanguageVersion\.of\(["']?(\d+)|jvmToolchain\((\d+)/.exec(text)?.filter((one) => one) ?? []
  if (toolchain) return { major: Number(toolchain), from: 'the toolchain of the Gradle build', isExact: true }
  const level =
    /(?:sourceCompatibility|targetCompatibility|options\.release|jvmTarget)\W+(?:set\()?(?:JavaVersion\.VERSION_|JvmTarget\.JVM_)?["']?(?:1[._](?=\d))?(\d+)/.exec(
      text,
    )
  return level?.[1] ? { major: Number(level[1]), from: 'the Gradle build' } : null
}

/** What the app says itself; its task `stage`, as Heroku's articles have it; or what makes a program of it. */
export function chooseTasks(text: string, configVars: ReadonlyMap<string, string>): string[] {
  const named = configVars.get('GRADLE_TASK')?.split(/\s+/).filter(Boolean)
  if (named && named.length > 0) return named
  if (/\btask\s+["']?stage\b|(?:register|create|maybeCreate)(?:<\w+>)?\(\s*["']stage["']|val\s+stage\s+by/.test(text))
    return ['stage']
  return usesStartScript(text) ? ['installDist'] : ['build', '-x', 'check']
}

/** The plugin `application` makes a start script; frameworks with a jar of their own that has all of the app in it need none. */
export function usesStartScript(text: string): boolean {
  const isApplication =
    /(?:^|\W)(?:id\s*\(?\s*["']application["']|application\s*$|plugin:\s*["']application["']|`application`)/m.test(text)
  return (
    isApplication &&
    !/org\.springframework\.boot|io\.quarkus|io\.micronaut|com\.gradleup\.shadow|com\.github\.johnrengelman\.shadow/.test(
      text,
    )
  )
}
