import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Source } from '../lib/source.ts'

/** Modules that are of no use without their C code, and build without it all the same. */
const needy =
  /^\s*(?:require\s+)?github\.com\/(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go|h2non\/bimg|davidbyttow\/govips)\b/m

/** Whether a compiler is needed: the app says so, imports C itself, or uses a module that is known to. */
export async function usesC(source: Source): Promise<boolean> {
  const setting = source.configVars.get('CGO_ENABLED')
  if (setting !== undefined) return setting === '1'
  if (needy.test((await source.read('go.mod')) ?? '')) return true
  const exclude = (name: string) => name === 'vendor' || name === 'node_modules' || name === '.git'
  for await (const file of glob('**/*.go', { cwd: source.top, exclude })) {
    const text = await readFile(path.join(source.top, file), 'utf8').catch(() => '')
    if (/^import "C"$/m.test(text)) return true
  }
  return false
}
