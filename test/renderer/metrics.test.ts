// What is shown of figures over time, and to whom.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openScreens, type Screens } from './page/open-page.ts'

interface Fake {
  world: { servers: Record<string, unknown>[]; isUnrecorded: boolean; pinnedApps: unknown[] }
  changed(topic: string): void
  call(name: string, parameters: object): Promise<unknown>
}
type FakeWindow = Window & { fake: Fake }

const shop = '#/servers/atlas/apps/corner-shop/overview'

let screens: Screens
describe.runIf(hasBrowser)('figures over time', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  const figure = (page: Page, name: string) => page.getByRole('figure', { name })
  const changeServer = (page: Page, change: object) =>
    page.evaluate((values) => {
      const { fake } = window as unknown as FakeWindow
      Object.assign(fake.world.servers.find(({ id }) => id === 'atlas') ?? {}, values)
      fake.changed('servers')
    }, change)

  test('are drawn for who sees, and a table for who does not', async () => {
    const page = await screens.open(shop)
    await figure(page, 'Requests by status').locator('canvas').waitFor()
    const rows = figure(page, 'Memory').getByRole('row')
    expect(await rows.first().textContent()).toBe('SeriesNewestAverageHighest')
    expect(await rows.nth(1).textContent()).toMatch(/^web\.1\d+(\.\d)? MB\d+(\.\d)? MB\d+(\.\d)? MB$/)
    expect(await figure(page, 'Memory').getByRole('table').getAttribute('aria-label')).toBeNull()
    await figure(page, 'Memory').getByText('Memory, limit 512 MB').waitFor()
  })

  test('of a longer time are chosen by the keyboard', async () => {
    const page = await screens.open(shop)
    const hour = page.getByRole('radiogroup', { name: 'How far back' }).getByRole('radio', { name: '1 h', exact: true })
    await hour.focus()
    await page.keyboard.press('ArrowRight')
    const day = page.getByRole('radio', { name: '24 h' })
    await expect.poll(() => day.isChecked()).toBe(true)
    // On every screen from then on.
    await page
      .getByRole('navigation', { name: 'Servers and apps' })
      .getByRole('link', { name: /atlas$/ })
      .last()
      .click()
    await page.getByRole('heading', { level: 1, name: 'atlas' }).waitFor()
    await expect.poll(() => page.getByRole('radio', { name: '24 h' }).isChecked()).toBe(true)
  })

  test('are told where the pointer is', async () => {
    const page = await screens.open(shop)
    const chart = figure(page, 'Response time')
    await chart.locator('.u-over').hover()
    await expect.poll(() => chart.textContent()).toMatch(/\w{3} \d+, \d\d:\d\d:\d\d/)
  })

  test('that nobody recorded yet say when the first is there', async () => {
    const page = await screens.open('#/')
    await page.evaluate(() => {
      const { fake } = window as unknown as FakeWindow
      fake.world.isUnrecorded = true
    })
    await page.evaluate((hash) => {
      location.hash = hash
    }, shop)
    await figure(page, 'Requests by status').getByText('Nothing recorded yet.').waitFor()
    expect(await page.locator('canvas').count()).toBe(0)
  })

  test('of an agent that is too old lead to its upgrade', async () => {
    const page = await screens.open('#/')
    await changeServer(page, { age: 'outdated' })
    await page.evaluate(() => {
      location.hash = '#/servers/atlas'
    })
    await page.getByText('Upgrade it, and they begin.').waitFor()
  })

  test('stay as last seen when the server goes, and those that were never here say where they are', async () => {
    const page = await screens.open(shop)
    await figure(page, 'CPU').locator('canvas').waitFor()
    await changeServer(page, { connection: { state: 'offline', reason: 'It does not answer.', retryAt: null } })
    const panel = page.getByRole('region', { name: 'Metrics' })
    await panel.getByText('as last seen').waitFor()
    expect(await figure(page, 'CPU').locator('canvas').count()).toBe(1)
    await page.getByText('7 d', { exact: true }).click()
    await panel.getByText('kept on the server').waitFor()
    expect(await panel.getByRole('alert').count()).toBe(0)
  })

  test('of a server, and its disk, are shown to who may see it as a whole', async () => {
    const page = await screens.open('#/servers/atlas')
    const parts = page.getByRole('list', { name: 'What the disk is used for' }).getByRole('listitem')
    await parts.first().waitFor()
    expect(await parts.count()).toBe(10)
    await figure(page, 'CPU').locator('canvas').waitFor()
  })

  test('of a server are not asked for by who sees only an app of it', async () => {
    const page = await screens.open('#/')
    await page.evaluate(() => {
      const { fake } = window as unknown as FakeWindow
      Object.assign(fake.world, { role: 'view' })
      fake.changed('access')
      location.hash = '#/servers/atlas'
    })
    await page.getByRole('heading', { name: 'Dynos' }).waitFor()
    expect(await page.getByRole('heading', { name: 'Metrics' }).count()).toBe(0)
    await page.getByRole('link', { name: 'corner-shop' }).last().click()
    await figure(page, 'CPU').locator('canvas').waitFor()
  })
})

describe.runIf(hasBrowser)('an app that is pinned', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test('stands first in the sidebar with its server, until it is unpinned', async () => {
    const page = await screens.open('#/servers/atlas/apps/weather-api/overview')
    const pinned = page.getByRole('list', { name: 'Pinned' }).getByRole('link')
    await expect
      .poll(() => pinned.allTextContents())
      .toEqual([expect.stringMatching(/shop.*atlas$/), expect.stringMatching(/wiki/)])
    await page.getByRole('button', { name: 'Pin to the sidebar' }).click()
    await page.getByRole('button', { name: 'Unpin from the sidebar' }).waitFor()
    await expect.poll(() => pinned.last().textContent()).toMatch(/weather-api.*atlas$/)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Pin to the sidebar' }).waitFor()
    await expect.poll(() => pinned.count()).toBe(2)
  })
})
