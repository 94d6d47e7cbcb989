// docs/router.md can't lie: what it says is compared with the code, and the tests that it names have to be there.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { routingCodes } from '../../../agent/core/routing-codes.ts'
import { defaultTimeouts, limits } from '../../../agent/router/limits.ts'
import { get, openRouted } from './routed.ts'

const text = readFileSync(join(import.meta.dirname, '../../../docs/router.md'), 'utf8')

/** The rows of the table under a heading, by cell. */
function rowsOf(heading: string): string[][] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.replaceAll('`', '').trim()),
  )
}

const sources = new Map(
  readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => [file.replace('.test.ts', ''), readFileSync(join(import.meta.dirname, file), 'utf8')]),
)

/** Titles with placeholders as what matches them; what stands for a placeholder is a text of the same file. */
function hasTest(source: string, title: string): boolean {
  const found = source.matchAll(/\btest\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g)
  return [...found].some(([, ...quoted]) => {
    const parts = (quoted.find((part) => part !== undefined) ?? '').split(/\$\{[^}]*\}/)
    const values = new RegExp(`^${parts.map(literally).join('(.+)')}$`).exec(title)
    return values?.slice(1).every((value) => source.includes(`'${value}'`)) ?? false
  })
}

function literally(part: string): string {
  return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function expectTest(reference: string): void {
  const [, file = '', title = ''] = /^([a-z0-9-]+): (.+)$/.exec(reference) ?? []
  const isThere = hasTest(sources.get(file) ?? '', title)
  expect({ reference, isThere }).toEqual({ reference, isThere: true })
}

test('every code is documented as it is', () => {
  const documented = rowsOf('Codes').map(([code, desc, at, status]) => ({ code, desc, at, status }))
  const real = Object.values(routingCodes).map(({ code, desc, at, status }) => ({
    code,
    desc,
    at,
    status: String(status ?? '-'),
  }))
  expect(documented).toEqual(real)
})

test('every time and limit is documented as it is', () => {
  const documented = (heading: string) =>
    Object.fromEntries(rowsOf(heading).map(([name, value]) => [name, Number(value)]))
  expect(documented('Times')).toEqual(defaultTimeouts)
  expect(documented('Limits')).toEqual(limits)
})

test('every test that is named is there', () => {
  const references = ['Codes', 'Times', 'Limits', 'Headers'].flatMap((heading) =>
    rowsOf(heading).map((row) => row.at(-1) ?? ''),
  )
  expect(references.length).toBeGreaterThan(60)
  for (const reference of references) expectTest(reference)
  for (const [, reference = ''] of text.replaceAll(/\s+/g, ' ').matchAll(/\((`[a-z-]+`: [^)]+?)\.\)/g))
    expectTest(reference.replaceAll('`', ''))
})

test('a test that is not there is noticed', () => {
  expect(() => expectTest('errors: and is fine says H10')).toThrow()
  expect(() => expectTest('nowhere: and is crashed says H10')).toThrow()
})

test('a response has no headers that its dyno did not set but Via', async () => {
  const routed = await openRouted()
  try {
    const dyno = await routed.rawDyno((socket) =>
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nX-Mine: 1\r\nContent-Length: 2\r\n\r\nok')),
    )
    await routed.route({ dynos: [dyno] })
    expect(await routed.ask(get())).toBe(
      'HTTP/1.1 200 OK\r\nX-Mine: 1\r\nContent-Length: 2\r\nVia: 1.1 hearth-router\r\nConnection: close\r\n\r\nok',
    )
  } finally {
    await routed.close()
  }
})
