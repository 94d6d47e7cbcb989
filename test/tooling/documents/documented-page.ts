// Pages of docs/ that say what the code does, and by which tests: what they say is compared with both.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { root } from '../repository.ts'

export class DocumentedPage {
  readonly text: string
  /** The tests that it names are in this folder, or in one of its own. */
  readonly #sources: ReadonlyMap<string, string>

  constructor(file: string, testFolder: string) {
    const folder = path.join(root, testFolder)
    this.text = readFileSync(path.join(root, file), 'utf8')
    this.#sources = new Map(
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => [path.basename(name, '.test.ts'), readFileSync(path.join(folder, name), 'utf8')]),
    )
  }

  /** The rows of the table under a heading, by cell. */
  rowsOf(heading: string): string[][] {
    const section = this.text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
    const rows = section.split('\n').filter((line) => line.startsWith('|'))
    return rows.slice(2).map((row) =>
      row
        .slice(1, -1)
        .split(' | ')
        .map((cell) => cell.replaceAll('`', '').trim()),
    )
  }

  /** `file: title of the test`. */
  expectTest(reference: string): void {
    const [, file = '', title = ''] = /^([a-z0-9-]+): (.+)$/.exec(reference) ?? []
    const isThere = hasTest(this.#sources.get(file) ?? '', title)
    expect({ reference, isThere }).toEqual({ reference, isThere: true })
  }
}

/** Titles with placeholders as what matches them; what stands for a placeholder is a text of the same file. */
function hasTest(source: string, title: string): boolean {
  const found = source.matchAll(/\b(?:test|it)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g)
  return [...found].some(([, ...quoted]) => {
    const parts = (quoted.find((part) => part !== undefined) ?? '').split(/\$\{[^}]*\}/)
    const values = new RegExp(`^${parts.map(literally).join('(.+)')}$`).exec(title)
    return values?.slice(1).every((value) => source.includes(`'${value}'`)) ?? false
  })
}

function literally(part: string): string {
  return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
