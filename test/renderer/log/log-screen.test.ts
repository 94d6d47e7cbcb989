// The log's pane: a lost connection, links, saving.
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openScreens, type Screens } from '../page/open-page.ts'
import type { FakeBridge } from '../world/fake-bridge.ts'

const logs = '#/servers/atlas/apps/corner-shop/logs'

let screens: Screens
describe.runIf(hasBrowser)('the log', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test('stays when the server goes away, with a mark where it broke, and goes on below without a line twice', async () => {
    const page = await openLog()
    await connect(page, false)
    await page.getByText('Goes on when the server is connected again.').waitFor()
    await pane(page).getByText('the stream broke at').waitFor()
    await connect(page, true)
    await pane(page)
      .getByText(/goes on at .*: no line is missing/)
      .waitFor()
    const saved = (await save(page)).split('\n')
    const orders = saved.flatMap((line) => /order \d+/.exec(line)?.[0] ?? [])
    expect(orders.length).toBeGreaterThan(10)
    expect(orders).toEqual([...new Set(orders)])
    expect(saved.findIndex((line) => line.includes('the stream broke at'))).toBeGreaterThan(10)
  })

  test('another filter begins anew, without a mark', async () => {
    const page = await openLog()
    await page.getByText('Platform', { exact: true }).click()
    await page.getByText(/^Live · 6\d lines/).waitFor()
    expect(await save(page)).not.toContain('stream broke')
  })

  test('is saved as a file of whole lines, however narrow the pane', async () => {
    const page = await openLog()
    await page.setViewportSize({ width: 760, height: 700 })
    expect(await save(page)).toMatch(/heroku\[router\] at=info method=GET .* bytes=\d+\n/)
  })

  test('opens a link that is clicked, through the shell', async () => {
    const page = await openLog()
    // What it shows must not move under the pointer.
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText(/lines? waiting/).waitFor()
    await pointAt(page, 'https://shop.example.com/orders/')
    await pane(page).locator('[title^="https://shop.example.com/orders/80"]').waitFor()
    await page.mouse.down()
    await page.mouse.up()
    await page.waitForFunction(() => (window as unknown as { fake: FakeBridge }).fake.world.openedLinks.length > 0)
    const [opened] = await page.evaluate(() => (window as unknown as { fake: FakeBridge }).fake.world.openedLinks)
    // The dot that ends the sentence is no part of it.
    expect(opened).toMatch(/^https:\/\/shop\.example\.com\/orders\/\d+$/)
  })

  test('says what an error code means that is clicked', async () => {
    const page = await openLog()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText(/lines? waiting/).waitFor()
    await pointAt(page, 'H12')
    await pane(page).locator('[title^="H12, Request timeout: "]').waitFor()
    await page.mouse.down()
    await page.mouse.up()
    const dialog = page.getByRole('dialog', { name: 'Error codes' })
    await dialog.getByText('Do slow work in a worker').waitFor()
    // One is shown, and how to see the others is said.
    expect(await dialog.locator('dt').count()).toBe(1)
    await dialog.getByRole('textbox').fill('')
    await dialog.getByText('R: of dynos').waitFor()
  })
})

/** Where a pane shows a text; it must not move under the pointer. */
async function pointAt(page: Page, text: string): Promise<void> {
  const place = await pane(page).evaluate((element, text) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    let found: { x: number; y: number } | null = null
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.textContent?.indexOf(text) ?? -1
      if (at < 0) continue
      const range = document.createRange()
      range.setStart(node, at + text.length - 1)
      range.setEnd(node, at + text.length)
      const { x, y, height } = range.getBoundingClientRect()
      found = { x, y: y + height / 2 }
    }
    return found
  }, text)
  if (!place) throw new Error(`${text} is not on the screen`)
  await page.mouse.move(place.x, place.y)
}

async function openLog(): Promise<Page> {
  const page = await screens.open(logs)
  await pane(page).getByText('order 80').first().waitFor()
  return page
}

const pane = (page: Page) => page.getByRole('region', { name: 'Log of corner-shop' })

async function connect(page: Page, isOnline: boolean): Promise<void> {
  await page.evaluate((isOnline) => {
    const { fake } = window as unknown as { fake: FakeBridge }
    const server = fake.world.servers.find(({ id }) => id === 'atlas')
    const away = { state: 'offline', reason: 'It went away.', retryAt: null } as const
    if (server) server.connection = isOnline ? { state: 'online', latencyMs: 1 } : away
    fake.changed('servers')
  }, isOnline)
}

async function save(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save what the pane holds' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^corner-shop-.*\.log$/)
  return readFile(await download.path(), 'utf8')
}
