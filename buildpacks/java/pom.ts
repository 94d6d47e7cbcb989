import type { JavaFloor } from '../jvm/version.ts'
import type { Source } from '../lib/source.ts'

/** Properties and settings that say for which Java a pom's code is compiled, the one that counts most first. */
const levels = [
  /<(maven\.compiler\.release)>\s*(?:1\.)?(\d+)\s*</,
  /<(release)>\s*(?:1\.)?(\d+)\s*<\/release>/,
  /<(maven\.compiler\.target)>\s*(?:1\.)?(\d+)\s*</,
  /<(maven\.compiler\.source)>\s*(?:1\.)?(\d+)\s*</,
  /<(java\.version)>\s*(?:1\.)?(\d+)[\d.]*\s*</,
]

export async function findPomFloor(source: Source): Promise<JavaFloor | null> {
  const text = withoutComments((await source.read('pom.xml')) ?? '')
  for (const pattern of levels) {
    const [, name, major] = pattern.exec(text) ?? []
    if (major) return { major: Number(major), from: `${name} in pom.xml` }
  }
  return null
}

/** The text of all poms of the app's top and its modules: it names frameworks, plugins and packaging. */
export async function readPoms(source: Source): Promise<string> {
  const top = withoutComments((await source.read('pom.xml')) ?? '')
  const modules = [...top.matchAll(/<module>\s*([\w./-]+)\s*<\/module>/g)].map(([, name = '']) => name)
  const texts = await Promise.all(modules.map((name) => source.read(`${name}/pom.xml`)))
  return [top, ...texts.map((text) => withoutComments(text ?? ''))].join('\n')
}

function withoutComments(text: string): string {
  return text.replace(/<!--[\s\S]*?-->/g, '')
}
