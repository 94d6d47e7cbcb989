// The menus behind three dots, with the keyboard.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openScreens, type Screens } from './page/open-page.ts'

const places = [
  ['of a dyno', '#/servers/atlas/apps/corner-shop', 'Actions for web.1'],
  ['of a person on an app', '#/servers/atlas/apps/corner-shop/access', 'Actions for grace@example.com'],
]

let screens: Screens
describe.runIf(hasBrowser)('a menu', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test.each(places)('%s is left by Tab, and its button has the focus', async (_, hash, name) => {
    const page = await screens.open(hash)
    await page.getByRole('button', { name }).press('Enter')
    await page.getByRole('menuitem').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction(() => document.activeElement?.role === 'menuitem')
    await page.keyboard.press('Tab')
    await expectLeft(page, name)
  })

  test.each(places)('%s is left by a Tab that comes before it has the focus', async (_, hash, name) => {
    const page = await screens.open(hash)
    const focused = await page.getByRole('button', { name }).evaluate(async (button: HTMLElement) => {
      button.focus()
      button.click()
      // Until React has drawn the menu; the focus goes there in a later task.
      while (button.ariaExpanded !== 'true') await Promise.resolve()
      const focused = document.activeElement?.ariaLabel
      button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', bubbles: true, cancelable: true }))
      return focused
    })
    expect(focused).toBe(name)
    await expectLeft(page, name)
  })

  async function expectLeft(page: Page, name: string): Promise<void> {
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await page.waitForFunction((label) => document.activeElement?.ariaLabel === label, name)
  }
})
