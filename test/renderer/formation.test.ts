// Scaling: what a change may take of the server's memory, and what holds it.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openScreens, type Screens } from './page/open-page.ts'
import type { FakeBridge } from './world/fake-bridge.ts'

const shop = '#/servers/atlas/apps/corner-shop/overview'

let screens: Screens
describe.runIf(hasBrowser)('a formation', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test('says what it may use beside what the server has left', async () => {
    const page = await screens.open(shop)
    await page.getByText('4 dynos may use up to 2.5 GB. atlas has 5 GB of 7.7 GB left.').waitFor()
  })

  test('shows what more dynos may take, and takes it at once where it fits', async () => {
    const page = await screens.open(shop)
    await page.getByText('atlas has 5 GB').waitFor()
    const slider = page.getByRole('slider', { name: 'web quantity' })
    await slider.press('ArrowRight')
    await slider.press('ArrowRight')
    await page.getByText('+2 standard-1x: up to 1 GB of 5 GB available').waitFor()
    await page.getByText('6 dynos may use up to 3.5 GB').waitFor()
    expect(await quantities(page)).toEqual([5, 1, 0])
  })

  test('holds a change that may take more than is left, until somebody says so or not', async () => {
    const page = await screens.open(shop)
    await page.getByText('atlas has 5 GB').waitFor()
    const choose = async (size: RegExp) => {
      await page.getByRole('combobox', { name: 'web size' }).click()
      await page.getByRole('option', { name: size }).click()
    }
    await choose(/performance-m 2.5 GB each, 7.5 GB for 3 more than is left/)
    const warning = page.getByRole('alert').filter({ hasText: '3 × performance-m: up to 7.5 GB of 5.2 GB available' })
    await warning.getByRole('button', { name: 'Keep 3 × standard-1x' }).click()
    await warning.waitFor({ state: 'detached' })
    expect(await page.getByRole('combobox', { name: 'web size' }).inputValue()).toBe('standard-1x')
    expect(await sizes(page)).toContain('standard-1x')
    await choose(/performance-m/)
    await warning.getByRole('button', { name: 'Scale anyway' }).click()
    await page.getByText('4 dynos may use up to 8.5 GB').waitFor()
    expect((await sizes(page))[0]).toBe('performance-m')
  })

  test('says of dynos that do not serve what to do, and what requests get', async () => {
    const page = await screens.open('#/servers/atlas/apps/weather-api/overview')
    await page.getByText('Its last lines in the log say why.').waitFor()
    expect(await page.getByText('H10').count()).toBe(0)
    await page.evaluate(() => {
      const { fake } = window as unknown as { fake: FakeBridge }
      const reason = 'did not listen on $PORT within 60 seconds of launch (R10)'
      const app = fake.world.apps.find((each) => each.app.name === 'weather-api')
      for (const dyno of app?.dynos ?? []) Object.assign(dyno, { state: 'crashed', reason })
      fake.changed('dynos', app)
    })
    await page.getByText('Every web dyno crashed: requests are answered with 503 (H10').waitFor()
    expect(await page.getByText('Listen on the port that $PORT names').count()).toBe(2)
  })
})

const formationOf = (page: Page) =>
  page.evaluate(() => {
    const { fake } = window as unknown as { fake: FakeBridge }
    return fake.world.apps.find((each) => each.app.name === 'corner-shop')?.formation ?? []
  })
const quantities = async (page: Page) => (await formationOf(page)).map(({ quantity }) => quantity)
const sizes = async (page: Page) => (await formationOf(page)).map(({ size }) => size)
