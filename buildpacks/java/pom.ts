import path from 'node:path'
import type { JavaFloor } from '../jvm/version.ts'
import { listFoldersUp, type Source } from '../lib/source.ts'

/** Properties and settings that say for which Java a pom's code is compiled, the one that counts most first. */
const levels = [
  /<(maven\.compiler\.release)>\s*(?:1\.)?(\d+)\s*</,
  /<(release)>\s*(?:1\.)?(\d+)\s*<\/release>/,
  /<(maven\.compiler\.target)>\s*(?:1\.)?(\d+)\s*</,
  /<(maven\.compiler\.source)>\s*(?:1\.)?(\d+)\s*</,
  /<(java\.version)>\s*(?:1\.)?(\d+)[\d.]*\s*</,
]

/** What a module does not say itself counts as its parent says it. */
export async function findPomFloor(source: Source): Promise<JavaFloor | null> {
  for (const folder of listFoldersUp(source)) {
    const text = await readPom(source, folder)
    for (const pattern of levels) {
      const [, name, major] = pattern.exec(text) ?? []
      if (major) return { major: Number(major), from: `${name} in ${path.join(folder, 'pom.xml')}` }
    }
  }
  return null
}

/** The text of the app's pom, its modules' and those above it: it names frameworks, plugins and packaging. */
export async function readPoms(source: Source): Promise<string> {
  const own = await readPom(source, '')
  const folders = [...findModules(own), ...listFoldersUp(source).slice(1)]
  return [own, ...(await Promise.all(folders.map((folder) => readPom(source, folder))))].join('\n')
}

/** From the app's folder, the outermost whose pom builds it as one of its modules, or of theirs: ``, `../..`. */
export async function findReactor(source: Source): Promise<string> {
  let reactor = ''
  for (const folder of listFoldersUp(source).slice(1)) {
    const part = path.relative(path.join(source.app, folder), path.join(source.app, reactor))
    const modules = findModules(await readPom(source, folder)).map((name) =>
      path.normalize(name.replace(/\/(pom\.xml)?$/, '')),
    )
    if (modules.includes(part)) reactor = folder
  }
  return reactor
}

function findModules(pom: string): string[] {
  return [...pom.matchAll(/<module>\s*([\w./-]+)\s*<\/module>/g)].map(([, name = '']) => name)
}

async function readPom(source: Source, folder: string): Promise<string> {
  return withoutComments((await source.read(path.join(folder, 'pom.xml'))) ?? '')
}

function withoutComments(text: string): string {
  return text.replace(/<!--[\s\S]*?-->/g, '')
}
