// The window as a citizen of its desktop: notifications, the tray, targets that can be hit, more contrast, the system's colours.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBarriers } from '../e2e/audit.ts'
import { eventually } from '../servers/eventually.ts'
import { hasBrowser, openScreens, type Screens } from './page/open-page.ts'
import type { FakeBridge } from './world/fake-bridge.ts'

const shop = '#/servers/atlas/apps/corner-shop'
type Shown = { fake: FakeBridge; told: { title: string; body?: string }[] }

let screens: Screens
describe.runIf(hasBrowser)('the window', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  /** As a system that lets Hearth notify, with the window in front or not. */
  const pretend = (page: Page, hasFocus: boolean) =>
    page.evaluate((isInFront) => {
      const shown = window as unknown as Shown
      shown.told = []
      document.hasFocus = () => isInFront
      const Told = class {
        static permission = 'granted'
        constructor(title: string, options: { body?: string }) {
          shown.told.push({ title, ...options })
        }
      }
      Object.assign(window, { Notification: Told })
    }, hasFocus)
  const told = (page: Page) => page.evaluate(() => (window as unknown as Shown).told.map(({ title }) => title))
  /** From running to its end, as the screens see it. */
  const deploy = async (page: Page) => {
    await page.evaluate(async () => {
      const { fake } = window as unknown as Shown
      fake.world.pace = 0.2
      await fake.call('deploys.start', {
        serverId: 'atlas',
        app: 'corner-shop',
        folder: { kind: 'sample', name: 'hello-node' },
      })
    })
    await page
      .getByText(/corner-shop v\d+ serves/)
      .first()
      .waitFor({ timeout: 20_000 })
  }

  test('tells the end of a deploy by the system when it is not looked at, and only then', async () => {
    const page = await screens.open('#/')
    await pretend(page, true)
    await deploy(page)
    expect(await told(page)).toEqual([])
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await pretend(page, false)
    await deploy(page)
    expect(await told(page)).toEqual([expect.stringMatching(/^corner-shop v\d+ serves on atlas$/)])
  })

  test('tells nothing by the system when that is turned off', async () => {
    const page = await screens.open('#/settings')
    await pretend(page, false)
    await page.evaluate(() => (window as unknown as Shown).fake.call('settings.update', { notifiesEnds: false }))
    await deploy(page)
    expect(await told(page)).toEqual([])
  })

  test('asks for a tray only when that is turned on, with what runs', async () => {
    const page = await screens.open('#/')
    const tray = () => page.evaluate(() => (window as unknown as Shown).fake.world.presented?.tray)
    await eventually(async () => (await tray()) === null, 20_000, 'there was a tray')
    await page.evaluate(() => (window as unknown as Shown).fake.call('settings.update', { showsTray: true }))
    await eventually(async () => (await tray())?.items[0]?.label === 'No deploy runs', 20_000, 'no tray came')
  })

  test.each([`${shop}/overview`, `${shop}/config-vars`, `${shop}/settings`, '#/servers/atlas'])(
    'has nothing to press on %s that is smaller than 24 pixels',
    async (hash) => {
      const page = await screens.open(hash)
      expect(await findSmallTargets(page)).toEqual([])
    },
  )

  test('answers a click before it makes what the click leads to', async () => {
    const page = await screens.open(`${shop}/overview`)
    await page.getByRole('heading', { name: 'Dynos' }).waitFor()
    const seen = await page.evaluate(async () => {
      const body = document.querySelector('main section[aria-busy]')
      const states: string[] = []
      await new Promise<void>((whole) => {
        const look = () => {
          const tab = document.querySelector('main nav [aria-current]')?.textContent
          const isBusy = body?.getAttribute('aria-busy') === 'true'
          if (tab === 'Releases') states.push(`${body?.getAttribute('aria-label')}${isBusy ? ', busy' : ''}`)
          if (tab === 'Releases' && !isBusy) whole()
        }
        const main = document.querySelector('main') ?? document
        new MutationObserver(look).observe(main, { subtree: true, attributes: true })
        document.querySelector<HTMLElement>('main nav a[href$="/releases"]')?.click()
      })
      return [...new Set(states)]
    })
    expect(seen).toEqual(['Overview, busy', 'Releases'])
  })

  test('has lines and words that stand out where somebody asks for more contrast', async () => {
    const page = await screens.open(`${shop}/overview`)
    const read = () =>
      page.evaluate(() =>
        ['--h-line', '--h-dim'].map((name) => getComputedStyle(document.documentElement).getPropertyValue(name)),
      )
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, contrast: 'no-preference' })
      await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
      const usual = await read()
      await page.emulateMedia({ colorScheme, contrast: 'more' })
      const more = await read()
      expect(more[0]).not.toBe(usual[0])
      expect(more[1]).not.toBe(usual[1])
      // The colours of a scheme come a moment after its name.
      const barriers = () => findBarriers(page, ['color-contrast-enhanced'])
      await eventually(async () => (await barriers()).length === 0, 20_000, `words are hard to read in ${colorScheme}`)
    }
  })

  test('shows what an import of settings would change before it does, and leaves new servers to a human', async () => {
    const page = await screens.open('#/settings')
    const choose = (text: string) =>
      page
        .locator('input[type=file]')
        .setInputFiles({ name: 'hearth-settings.json', mimeType: 'application/json', buffer: Buffer.from(text) })
    await choose('broken')
    await page.getByText('This is no file of Hearth’s settings.').waitFor()
    await choose('{}')
    const dialog = page.getByRole('dialog', { name: 'Import these settings?' })
    await dialog.getByText('Theme: system → dark').waitFor()
    await dialog.getByText('Rename the server cellar to basement').waitFor()
    await dialog.getByText('ann@nas.example.net:2222').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await page.evaluate(() => (window as unknown as Shown).fake.world.theme)).toBe('system')
    await choose('{}')
    await dialog.getByRole('button', { name: 'Import' }).click()
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
    await page.getByRole('button', { name: 'Add nas' }).click()
    expect(await page.getByRole('combobox', { name: 'Host' }).inputValue()).toBe('nas.example.net')
  })

  test('would show what is too small', async () => {
    const page = await screens.open('#/')
    const small = '<button style="width:20px;height:40px">small</button>'
    await page.evaluate((html) => document.querySelector('h1')?.insertAdjacentHTML('afterend', html), small)
    expect(await findSmallTargets(page)).toEqual(['small: 20 × 40'])
  })
})

/**
 * What can be pressed and is less than 24 pixels wide or high (WCAG 2.2, 2.5.8). Links within a sentence are exempt there, and so is
 * what the keyboard passes over: the arrows of a number, which can be typed.
 */
function findSmallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const pressable = 'button, [role=button], [role=tab], [role=slider], input, select, nav a, li > a'
    const small: string[] = []
    for (const element of document.querySelectorAll<HTMLElement>(pressable)) {
      if (element.role === 'slider') {
        const { x, y, width, height } = element.getBoundingClientRect()
        const above = document.elementFromPoint(x + width / 2, y + height / 2 - 11)
        if (!above?.closest('.mantine-Slider-root')) small.push(`${element.ariaLabel}: ${height}`)
        continue
      }
      // What is drawn for an input that is hidden itself is around it.
      const isDrawn = element.matches('[role=switch], [type=radio], [type=checkbox]')
      const { width, height } = (isDrawn ? element.parentElement : element)?.getBoundingClientRect() ?? {}
      if (!width || !height || element.tabIndex < 0 || getComputedStyle(element).visibility === 'hidden') continue
      if (width < 23.5 || height < 23.5)
        small.push(`${element.ariaLabel ?? element.textContent}: ${Math.round(width)} × ${Math.round(height)}`)
    }
    return small
  })
}
