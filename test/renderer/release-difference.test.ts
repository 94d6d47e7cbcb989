// Two releases side by side: in a release's details, before a rollback, and after a deploy.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openScreens, type Screens } from './page/open-page.ts'
import type { FakeBridge } from './world/fake-bridge.ts'

const shop = '#/servers/atlas/apps/corner-shop'

let screens: Screens
describe.runIf(hasBrowser)('the difference of two releases', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test('stands before a rollback, from what serves now to what would', async () => {
    const page = await screens.open(`${shop}/releases`)
    await page.getByRole('button', { name: 'Roll back to v2' }).click()
    const table = page.getByRole('dialog').getByRole('table', { name: 'What differs between v7 and v2' })
    await table.waitFor()
    expect(await table.getByRole('row', { name: /worker/ }).innerText()).toContain('its 1 dyno stops')
    expect(await table.getByRole('row', { name: /^new: LEGACY_CART/ }).count()).toBe(1)
    expect(await table.getByRole('row', { name: /^gone: SESSION_SECRET/ }).count()).toBe(1)
  })

  test('shows no value of a config var until it is asked for, and hides them again', async () => {
    const page = await screens.open(`${shop}/releases`)
    await page.getByRole('button', { name: 'Details of v3' }).click()
    const section = page.getByRole('region', { name: 'What changed with v3' })
    await section.getByRole('row', { name: /SESSION_SECRET/ }).waitFor()
    expect(await page.content()).not.toContain('b1946ac9')
    await section.getByRole('button', { name: 'Show values' }).click()
    await section.getByText('b1946ac92492d2347c6235b4d2611184').waitFor()
    await section.getByRole('button', { name: 'Hide values' }).click()
    await section.getByText('b1946ac9').waitFor({ state: 'detached' })
  })

  test('follows the release that is chosen to compare with, the older one on the left', async () => {
    const page = await screens.open(`${shop}/releases`)
    await page.getByRole('button', { name: 'Details of v4' }).click()
    await page.getByRole('table', { name: 'What differs between v3 and v4' }).waitFor()
    await page.getByRole('combobox', { name: 'Release to compare v4 with' }).click()
    await page.getByRole('option', { name: 'v5' }).click()
    await page.getByRole('table', { name: 'What differs between v4 and v5' }).waitFor()
  })

  test('follows a deploy, with the way back right there', async () => {
    const page = await screens.open(`${shop}/deploy`)
    await page.evaluate(() => {
      const { fake } = window as unknown as { fake: FakeBridge }
      fake.world.pace = 0.01
      const folder = { kind: 'sample', name: 'hello-node' } as const
      return fake.call('deploys.start', { serverId: 'atlas', app: 'corner-shop', folder })
    })
    const changes = page.getByRole('region', { name: 'What this deploy changed' })
    await changes.getByText('What changed since v7').waitFor()
    await changes.getByRole('region', { name: 'Files that differ' }).getByText('lib/payment/tax.js').waitFor()
    await changes.getByRole('button', { name: 'Roll back to v7' }).click()
    const dialog = page.getByRole('dialog', { name: 'Roll back to v7?' })
    await dialog.getByRole('button', { name: 'Roll back' }).click()
    // What it brought no longer serves: the deploy is history, and so is its way back.
    await changes.getByRole('button', { name: 'Roll back to v7' }).waitFor({ state: 'detached' })
    expect(await changes.getByText('What changed since v7').isVisible()).toBe(true)
  })
})
