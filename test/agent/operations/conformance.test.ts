// docs/dynos.md can't lie: its codes are those that dynos get, its settings are there, and so are the tests that it names.
import { expect, it } from 'vitest'
import { addPlatformVars } from '../../../agent/core/apps/platform-vars.ts'
import { dynoSizes, findSize } from '../../../agent/core/dynos/dyno-size.ts'
import { logTexts } from '../../../agent/core/logs/log-texts.ts'
import type { AppRow, ReleaseRow } from '../../../agent/core/ports/store.ts'
import { defaultSettings } from '../../../agent/operations/settings.ts'
import { DocumentedPage } from '../../tooling/documents/documented-page.ts'

const page = new DocumentedPage('docs/dynos.md', 'test/agent')
const rows = page.rowsOf('R codes')

it.each(['R codes', 'L codes'])('all %s are documented, each with its test', (heading) => {
  const texts = Object.values(logTexts).map((text) => (typeof text === 'string' ? text : `${text}`))
  const real = texts.flatMap((text) => [...text.matchAll(/Error ([RL]\d\d)/g)].map(([, code = '']) => code))
  const named = page.rowsOf(heading)
  expect(named.map(([code]) => code)).toEqual([...new Set(real)].filter((code) => code[0] === heading[0]).toSorted())
  for (const row of named) page.expectTest(row.at(-1) ?? '')
})

it('every R code is documented with its setting', () => {
  const named = rows.flatMap((row) => row.at(-2)?.match(/\w+/g) ?? [])
  expect(named.filter((name) => !Object.hasOwn(defaultSettings, name))).toEqual([])
})

it('every size is documented as it is, with Heroku’s names for it', () => {
  const documented = page.rowsOf('Sizes').map(([size, ...cells]) => [size, ...cells.slice(0, 3).map(Number)])
  const real = Object.entries(dynoSizes).map(([size, { memoryBytes, maximumTasks, cpuWeight }]) => {
    return [size, memoryBytes / 1024 ** 2, maximumTasks, cpuWeight]
  })
  expect(documented).toEqual(real)
  for (const [size, , , , heroku = ''] of page.rowsOf('Sizes'))
    for (const name of heroku.split(' ').filter(Boolean)) expect([name, findSize(name)]).toEqual([name, size])
})

it('every variable of the platform’s own is documented', () => {
  const app = { id: 'a', name: 'shop' } as AppRow
  const release = { version: 1, commit: 'c', description: 'd', createdAt: 't' } as ReleaseRow
  const dyno = { id: 'y', name: 'web.1' }
  const vars = addPlatformVars({ app, release, configVars: {}, dyno, extra: {}, memoryBytes: 1, defaultHostname: 'h' })
  const documented = page.rowsOf('What a dyno finds in its environment').flatMap(([names = '']) => names.split(', '))
  const real = Object.keys(vars).filter((name) => !name.startsWith('HEARTH_'))
  expect(documented.toSorted()).toEqual(['PORT', ...real].toSorted())
})

it('every setting that the page names is one', () => {
  const named = [...page.text.matchAll(/`([a-z]\w*(?:Ms|Requests|Multiple|PerCore))`/g)].map(([, name = '']) => name)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((name) => !Object.hasOwn(defaultSettings, name))).toEqual([])
})
