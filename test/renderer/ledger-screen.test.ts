// Notes on releases and the ledger as a file.
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openScreens, type Screens } from './page/open-page.ts'

let screens: Screens
describe.runIf(hasBrowser)('the ledger', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test('keeps a note with its release, also of a server that is away', async () => {
    const page = await screens.open('#/servers/cellar/apps/home-wiki/releases')
    await page.getByRole('button', { name: 'Details of v2' }).click()
    const notes = page.getByRole('region', { name: 'Notes on v2' })
    expect(await notes.getByRole('button', { name: 'Add note' }).isDisabled()).toBe(true)
    await notes.getByRole('textbox').fill('Before the move to the new disk.')
    await notes.getByRole('button', { name: 'Add note' }).click()
    await notes.getByRole('listitem').getByText('Before the move to the new disk.').waitFor()
    expect(await notes.getByRole('textbox').inputValue()).toBe('')
    await page.getByRole('link', { name: 'Ledger' }).click()
    await page.getByRole('textbox', { name: 'Search the ledger' }).fill('new disk')
    const rows = page.getByRole('main').getByRole('row')
    await rows.filter({ hasText: 'Before the move' }).waitFor()
    // The other rows go with the answer to the search.
    await rows.filter({ hasText: 'corner-shop' }).first().waitFor({ state: 'detached' })
  })

  test('saves what the search finds as a file', async () => {
    const page = await screens.open('#/ledger')
    const other = page.getByRole('row').filter({ hasText: 'field-notes' }).first()
    await other.waitFor()
    await page.getByRole('textbox', { name: 'Search the ledger' }).fill('rollback to')
    await other.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Export the ledger' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Export the ledger as CSV, for spreadsheets' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('hearth-ledger.csv')
    expect(await readFile(await download.path(), 'utf8')).toBe('csv of "rollback to"')
  })
})
