// Commands in the window: the same ones by key, by palette and by right click.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeepLink } from '../../../electron/bridge/contract.ts'
import { eventually } from '../../servers/eventually.ts'
import { hasBrowser, openScreens, type Screens } from '../page/open-page.ts'
import type { FakeWorld } from '../world/fake-world.ts'

const shop = '#/servers/atlas/apps/corner-shop'

let screens: Screens
describe.runIf(hasBrowser)('a command', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test('runs by its key, but not by what is typed into a field', async () => {
    const page = await screens.open(`${shop}/config-vars`)
    await page.getByRole('textbox', { name: 'Name' }).fill('')
    await page.getByRole('textbox', { name: 'Name' }).pressSequentially('4?gl')
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('4?gl')
    await page.getByRole('heading', { level: 1 }).focus()
    await page.keyboard.press('4')
    await page.locator('[aria-current=page]', { hasText: 'Logs' }).waitFor()
    await page.getByRole('heading', { level: 1 }).focus()
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await page.getByRole('heading', { name: 'Ledger', level: 1 }).waitFor()
  })

  test('is on the sheet, which ? shows and Escape closes', async () => {
    const page = await screens.open(shop)
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await sheet.getByText('Search or run a command').waitFor()
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
  })

  test('is offered by right click, and the keyboard gets back to where it was', async () => {
    const page = await screens.open('#/')
    const link = page.getByRole('list', { name: 'Apps on atlas' }).getByRole('link', { name: /corner-shop/ })
    await link.focus()
    await page.keyboard.press('Shift+F10')
    const menu = page.getByRole('menu', { name: 'Actions for corner-shop' })
    await menu.getByRole('menuitem', { name: 'Destroy app' }).waitFor()
    await page.keyboard.press('Escape')
    await menu.waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('corner-shop'))
    await link.click({ button: 'right' })
    await menu.getByRole('menuitem', { name: 'Config vars' }).click()
    await page.locator('[aria-current=page]', { hasText: 'Config vars' }).waitFor()
  })

  test('that takes something away asks for its name, wherever it is asked for', async () => {
    const page = await screens.open(shop)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('destroy corner')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Destroy corner-shop?' })
    await dialog.getByText('can’t be undone').waitFor()
    const destroy = dialog.getByRole('button', { name: 'Destroy corner-shop' })
    expect(await destroy.isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill('corner-shop')
    await destroy.click()
    await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor()
  })

  test('that can be taken back is, from its notice and by Ctrl Z', async () => {
    const page = await screens.open(shop)
    const slider = page.getByRole('slider', { name: 'web quantity' })
    await slider.press('ArrowRight')
    const done = page.getByRole('alert').filter({ hasText: 'corner-shop: web from 3 to 4', hasNotText: 'Undone' })
    await done.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('alert').filter({ hasText: 'Undone' }).waitFor()
    await eventually(async () => (await slider.getAttribute('aria-valuenow')) === '3', 20_000, 'the slider stayed at 4')
    await slider.press('ArrowRight')
    await done.waitFor()
    await slider.press('Control+z')
    await done.waitFor({ state: 'detached' })
    await eventually(async () => (await slider.getAttribute('aria-valuenow')) === '3', 20_000, 'Ctrl Z did nothing')
    await page.keyboard.press('Control+z')
    await page.getByText('Nothing has been done in this window that could be undone.').waitFor()
  })

  test('on somebody is found by the palette, and is taken back', async () => {
    const page = await screens.open(`${shop}/access`)
    const role = page.getByRole('combobox', { name: 'Role of grace@example.com' })
    await role.waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('grace role view')
    await page.keyboard.press('Enter')
    const done = page
      .getByRole('alert')
      .filter({ hasText: 'grace@example.com: view on corner-shop', hasNotText: 'Undone' })
    await done.getByRole('button', { name: 'Undo' }).waitFor()
    await eventually(async () => (await role.inputValue()) === 'view', 20_000, 'the role was not given')
    await done.getByRole('button', { name: 'Undo' }).click()
    await eventually(async () => (await role.inputValue()) === 'deploy', 20_000, 'the role was not taken back')
  })

  test('that changes what this computer trusts shows each step before it is done', async () => {
    const page = await screens.open('#/servers/atlas')
    await page.getByRole('button', { name: 'Trust on this computer' }).click()
    const dialog = page.getByRole('dialog', { name: 'Trust atlas on this computer' })
    const steps = dialog.getByRole('list', { name: 'Steps' })
    await steps.getByText('Hearth does this').waitFor()
    expect(await steps.getByText('for you to run').count()).toBe(2)
    await dialog.getByRole('button', { name: 'Trust it' }).click()
    await steps.getByText('done').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await dialog.waitFor({ state: 'detached' })
  })

  test('is in the system’s menu while its subject is shown, and runs from there', async () => {
    const page = await screens.open(shop)
    const presented = () =>
      page.evaluate(() => (window as unknown as Shown).fake.world.presented?.menu.map(({ label }) => label))
    await eventually(async () => (await presented())?.join() === 'File,App', 20_000, 'no menu of the app')
    await page.evaluate(() => (window as unknown as Shown).fake.world.tellWindow({ kind: 'chosen', id: 'app.logs' }))
    await page.locator('[aria-current=page]', { hasText: 'Logs' }).waitFor()
    await page.evaluate(() =>
      (window as unknown as Shown).fake.world.tellWindow({ kind: 'chosen', id: 'desktop.apps' }),
    )
    await eventually(async () => (await presented())?.join() === 'File', 20_000, 'the menu keeps the app')
  })

  test('does not come with a link: that fills in a form and waits', async () => {
    const page = await screens.open(shop)
    const open = (link: DeepLink) =>
      page.evaluate((it) => (window as unknown as Shown).fake.world.tellWindow({ kind: 'link', link: it }), link)
    await open({ kind: 'add-server', address: 'ann@box.example.net:2222' })
    await page.getByRole('heading', { name: 'Add server', level: 1 }).waitFor()
    expect(await page.getByRole('combobox', { name: 'Host' }).inputValue()).toBe('box.example.net')
    expect(await page.getByRole('textbox', { name: 'User' }).inputValue()).toBe('ann')
    await open({ kind: 'deploy', repository: 'https://example.com/shop.git' })
    await page.getByText('A link asks to deploy this repository.').waitFor()
    const repository = page.getByRole('textbox', { name: 'Repository' })
    expect(await repository.inputValue()).toBe('https://example.com/shop.git')
    await page.evaluate(() =>
      (window as unknown as Shown).fake.world.tellWindow({ kind: 'folder', path: '/home/ann/greeter' }),
    )
    await page.getByRole('region', { name: 'greeter' }).getByText('hearth/node').waitFor()
    await open({ kind: 'app', app: 'weather-api' })
    await page.getByRole('heading', { name: 'weather-api', level: 1 }).waitFor()
    await open({ kind: 'app', app: 'no-such-app' })
    await page.getByText('No server of yours has an app of that name.').waitFor()
  })
})

type Shown = { fake: { world: FakeWorld } }
