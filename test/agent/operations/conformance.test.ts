// docs/dynos.md can't lie: its codes are those that dynos get, its settings are there, and so are the tests that it names.
import { expect, it } from 'vitest'
import { logTexts } from '../../../agent/core/logs/log-texts.ts'
import { defaultSettings } from '../../../agent/operations/settings.ts'
import { DocumentedPage } from '../../tooling/documents/documented-page.ts'

const page = new DocumentedPage('docs/dynos.md', 'test/agent/operations')
const rows = page.rowsOf('R codes')

it('every R code is documented, with its setting and its test', () => {
  const texts = Object.values(logTexts).map((text) => (typeof text === 'string' ? text : `${text}`))
  const real = texts.flatMap((text) => /Error (R\d\d)/.exec(text)?.[1] ?? [])
  expect(rows.map(([code]) => code)).toEqual(real.toSorted())
  for (const row of rows) page.expectTest(row.at(-1) ?? '')
  const named = rows.flatMap((row) => row.at(-2)?.match(/\w+/g) ?? [])
  expect(named.filter((name) => !Object.hasOwn(defaultSettings, name))).toEqual([])
})

it('every setting that the page names is one', () => {
  const named = [...page.text.matchAll(/`([a-z]\w*(?:Ms|Requests|Multiple|PerCore))`/g)].map(([, name = '']) => name)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !Object.hasOwn(defaultSettings, name))).toEqual([])
})
