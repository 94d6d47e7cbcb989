// Where words stand: what commands, notices and settings say is in typed tables (`words.ts`, `*-words.ts`), so that it can be read as one
// text, and the compiler knows what is missing. This looks for sentences that stand elsewhere in those folders.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync, Visitor } from 'vite'
import { expect, test } from 'vitest'
import { listFiles, root } from '../../tooling/repository.ts'

/** The border: prose of other screens stands where it is drawn, and sentences of servers come from servers. */
const folders = /^renderer\/(commands|features\/settings|features\/shell)\//

test('what commands, notices and settings say stands in their tables of words', () => {
  const files = listFiles().filter((file) => folders.test(file) && /\.tsx?$/.test(file) && !/words\.ts$/.test(file))
  expect(files.length).toBeGreaterThan(20)
  const strays = files.flatMap((file) =>
    findProse(file, readFileSync(path.join(root, file), 'utf8')).map((text) => `${file}: ${text}`),
  )
  expect(strays).toEqual([])
})

test.each([
  ['text of an element', '<p>Something to read</p>'],
  ['an attribute', '<p title="Something to read" />'],
  ['a string', "const x = { title: 'Something to read' }"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the source that is looked at
  ['a template', 'const x = `Nothing of ${name} is left`'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the source that is looked at
  ['a sentence that begins with a name', 'const x = `${name} has no dynos.`'],
  ['a single word of an element', '<p>Dismiss</p>'],
])('%s would be found', (_, source) => {
  expect(findProse('a.tsx', source)).toHaveLength(1)
})

test.each([
  "import x from './Some thing.ts'",
  "const x = 'host-key-changed'",
  '<p className="a b c">{words.title}</p>',
  "// Some comment\nconst x = 'Escape'",
])('%s is none', (source) => {
  expect(findProse('a.tsx', source)).toEqual([])
})

/** A capital letter, then words; or a name, words and a full stop: what somebody reads. */
const prose = /^\p{Lu}.*\s\p{L}{2,}|^….*\s\p{L}{2,}.*[.?!]$/u

function findProse(file: string, text: string): string[] {
  const found: string[] = []
  const { program } = parseSync(file, text)
  new Visitor({
    JSXText({ value }) {
      if (/\p{L}{2,}/u.test(value)) found.push(value.trim())
    },
    Literal({ value }) {
      if (typeof value === 'string' && prose.test(value)) found.push(value)
    },
    TemplateLiteral({ quasis }) {
      const whole = quasis.map((part) => part.value.raw).join('…')
      if (prose.test(whole)) found.push(whole)
    },
  }).visit(program)
  return found
}
