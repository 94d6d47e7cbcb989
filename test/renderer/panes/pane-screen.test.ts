// Logs and terminals side by side: split, resized, focused and closed by the keyboard, remembered; what is pasted; what broke.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openScreens, type Screens } from '../page/open-page.ts'

const shop = '#/servers/atlas/apps/corner-shop'

let screens: Screens
let page: Page
describe.runIf(hasBrowser)('panes', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
    page = await screens.open(`${shop}/terminal`)
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test('a terminal is split by its key, and the new pane has the focus', async () => {
    await page.getByRole('button', { name: 'Open terminal' }).click()
    await rows(0).getByText('run.4821').waitFor()
    await page.keyboard.press('Control+Shift+E')
    await panes().nth(1).waitFor()
    await expect.poll(paneWithFocus).toBe('2')
    await panes().nth(1).getByRole('button', { name: 'Open terminal' }).click()
    await page.keyboard.type('ls\n')
    await rows(1).getByText('Procfile').waitFor()
    expect(await rows(0).innerText()).not.toContain('Procfile')
  })

  test('the keyboard goes between panes and moves the edge between them', async () => {
    await page.keyboard.press('Alt+Shift+ArrowLeft')
    await expect.poll(paneWithFocus).toBe('1')
    const edge = page.getByRole('separator')
    await edge.press('ArrowRight')
    await page.waitForFunction(() => document.querySelector('[role=separator]')?.getAttribute('aria-valuenow') === '55')
    const [left, right] = await Promise.all([0, 1].map((at) => panes().nth(at).boundingBox()))
    expect((left?.width ?? 0) / (right?.width ?? 1)).toBeCloseTo(55 / 45, 1)
  })

  test('a row is as it was left after another screen, its terminals where they were', async () => {
    await page.getByRole('link', { name: 'Logs', exact: true }).click()
    await page.getByRole('region', { name: 'Log of corner-shop' }).waitFor()
    await expect.poll(() => panes().count()).toBe(1)
    await page.getByRole('button', { name: 'Actions for the pane' }).click()
    await page.getByRole('menuitem', { name: 'Terminal beside it' }).click()
    await panes().nth(1).getByRole('navigation', { name: 'Terminals' }).getByText('bash').first().waitFor()
    await page.getByRole('link', { name: 'Terminal', exact: true }).click()
    await rows(1).getByText('Procfile').waitFor()
    // The row of the other screen has an edge too, and stays for as long as this one is being made.
    await expect.poll(() => page.getByRole('separator').getAttribute('aria-valuenow')).toBe('55')
  })

  test('text of several lines is pasted only after a yes, unless the program knows pasted from typed', async () => {
    await panes().nth(0).locator('.xterm-screen').click()
    await paste('echo one\necho two\n')
    const dialog = page.getByRole('dialog', { name: 'Paste 2 lines?' })
    await dialog.getByText('echo two').waitFor()
    await dialog.getByRole('button', { name: 'Keep it out' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await rows(0).innerText()).not.toContain('echo one')
    await panes().nth(0).locator('.xterm-screen').click()
    await paste('plain')
    await rows(0).getByText('plain').waitFor()
    await page.keyboard.type('\n')
    await paste('echo one\necho two\n')
    await dialog.getByRole('button', { name: 'Paste', exact: true }).click()
    await rows(0).getByText('echo: command not found').or(rows(0).getByText('bash: echo two')).first().waitFor()
  })

  test('a terminal whose stream broke says where, and starts again below', async () => {
    await panes().nth(0).locator('.xterm-screen').click()
    await page.keyboard.type('lose\n')
    await rows(0).getByText('the stream broke at').waitFor()
    await panes().nth(0).getByText('The connection to atlas was lost.').waitFor()
    await panes().nth(0).getByRole('button', { name: 'Try again' }).click()
    await rows(0).getByText('started again at').waitFor()
    await page.keyboard.type('ls\n')
    await rows(0).getByText('Procfile').waitFor()
  })

  test('the text gets larger by its key in all panes, and stays so', async () => {
    const height = () =>
      rows(1)
        .locator('div')
        .first()
        .evaluate((row) => row.getBoundingClientRect().height)
    const before = await height()
    await page.keyboard.press('Control+=')
    await page.keyboard.press('Control+=')
    await expect.poll(height).toBeGreaterThan(before)
    await page.keyboard.press('Control+-')
    await page.keyboard.press('Control+-')
    await expect.poll(height).toBe(before)
  })

  test('a pane is closed by its key, and its terminals go to the one that is left', async () => {
    await page.keyboard.press('Control+Shift+X')
    await page.getByRole('separator').waitFor({ state: 'detached' })
    await expect.poll(() => page.getByRole('button', { name: /^Close terminal/ }).count()).toBe(2)
  })
})

const panes = () => page.locator('[data-pane]')
const rows = (at: number) => panes().nth(at).locator('.xterm-rows')
const paneWithFocus = () =>
  page.evaluate(() => document.activeElement?.closest('[data-pane]')?.getAttribute('data-pane'))

/** As the browser does it, without this machine's clipboard. */
const paste = (text: string) =>
  page.evaluate((text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    )
  }, text)
