// An app's names, certificates and router switches, as somebody uses them.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openScreens, type Screens } from './page/open-page.ts'
import type { FakeBridge } from './world/fake-bridge.ts'

const settings = '#/servers/atlas/apps/corner-shop/settings'

let screens: Screens
describe.runIf(hasBrowser)('the settings of an app', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test('a certificate is uploaded, refused with its reason where it was asked for, and removed after a yes', async () => {
    const page = await screens.open(settings)
    await page.getByRole('button', { name: 'Upload a certificate' }).click()
    const dialog = page.getByRole('dialog', { name: 'Upload a certificate to corner-shop' })
    const chain = dialog.getByRole('textbox', { name: 'Certificate chain' })
    await chain.fill('my certificate')
    await dialog.getByRole('textbox', { name: 'Private key' }).fill('-----BEGIN PRIVATE KEY-----')
    await dialog.getByRole('button', { name: 'Upload', exact: true }).click()
    await dialog.getByRole('alert').getByText('has no PEM certificate').waitFor()
    await chain.fill('-----BEGIN CERTIFICATE-----')
    await dialog.getByRole('button', { name: 'Upload', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    const list = page.getByRole('list', { name: 'Certificates' })
    await list.getByText('issued by Example Trust R11').waitFor()
    await list.getByRole('button', { name: 'Actions for amber-harbor-204' }).click()
    await page.getByRole('menuitem', { name: 'Remove certificate' }).click()
    await page.getByRole('button', { name: 'Remove certificate', exact: true }).click()
    await list.getByText('amber-harbor-204').waitFor({ state: 'detached' })
    expect(await shop(page, (app) => app?.certificates)).toEqual([])
  })

  test('HSTS is asked about first, since it can not be taken back', async () => {
    const page = await screens.open(settings)
    const turn = page.getByRole('switch', { name: /HSTS/ })
    await turn.press('Space')
    await page.getByRole('button', { name: 'Leave it off' }).click()
    expect(await shop(page, (app) => app?.https.hsts_seconds)).toBeNull()
    await turn.press('Space')
    await page.getByRole('button', { name: 'Turn HSTS on' }).click()
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[aria-label*=HSTS]')?.checked)
    expect(await shop(page, (app) => app?.https.hsts_seconds)).toBe(31_536_000)
  })

  test('a domain that the DNS leads elsewhere shows the record that is wanted, to be copied, beside what is there', async () => {
    const page = await screens.open(settings)
    const domain = page.getByRole('list', { name: 'Domains' }).getByRole('listitem').filter({ hasText: 'www.shop' })
    await domain.getByText('www.shop.example.com A 203.0.113.5').waitFor()
    await domain.getByText('www.shop.example.com A 198.51.100.7').waitFor()
    await domain.getByRole('button', { name: 'Copy 203.0.113.5' }).waitFor()
  })

  test('features of the router and of dynos are switches, and an error page a config var', async () => {
    const page = await screens.open(settings)
    const dynos = page.getByRole('region', { name: 'Dynos' })
    await dynos.getByRole('switch', { name: 'Runtime metrics in the log' }).waitFor()
    await page.getByRole('switch', { name: 'Session affinity' }).press('Space')
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('[aria-label="Session affinity"]')?.checked,
    )
    const field = page.getByRole('textbox', { name: 'Error page' })
    await field.fill('not an address')
    await page.getByText('an address: https://…').waitFor()
    await field.fill('https://pages.example.com/error.html')
    await field.press('Enter')
    await page.getByText(/ERROR_PAGE_URL changed/).waitFor()
    expect(await shop(page, (app) => app?.configVars.ERROR_PAGE_URL)).toBe('https://pages.example.com/error.html')
  })

  test('podman is turned on only where it is: where it is missing it can be installed first', async () => {
    const page = await screens.open('#/servers/atlas')
    await page.evaluate((place) => {
      const { fake } = window as unknown as { fake: FakeBridge }
      Object.assign(fake.world.podman, { state: 'missing', version: null })
      location.hash = place
    }, settings)
    const turn = page.getByRole('switch', { name: 'Run in containers of podman' })
    await page.locator('input[aria-label="Run in containers of podman"]:enabled').waitFor({ state: 'attached' })
    await turn.press('Space')
    await page.getByRole('button', { name: 'Install podman' }).waitFor()
    expect(await turn.isChecked()).toBe(false)
  })

  test('of a server that is away nothing is an error: what it alone knows is here again with it', async () => {
    const page = await screens.open('#/servers/cellar/apps/home-wiki/settings')
    await page.getByText('Kept on the server, and here again when it is connected.').nth(3).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })

  test('another screen begins at its top, however far down this one was read', async () => {
    const page = await screens.open(settings)
    const body = page.locator('main section[tabindex="0"]')
    await page.getByRole('button', { name: 'Destroy app' }).scrollIntoViewIfNeeded()
    expect(await body.evaluate((element) => element.scrollTop)).toBeGreaterThan(0)
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('heading', { name: 'Formation' }).waitFor()
    expect(await body.evaluate((element) => element.scrollTop)).toBe(0)
  })
})

type App = FakeBridge['world']['apps'][number]

async function shop<T>(page: Page, read: (app: App | undefined) => T): Promise<T> {
  const app = await page.evaluate(() =>
    (window as unknown as { fake: FakeBridge }).fake.world.apps.find(({ app }) => app.name === 'corner-shop'),
  )
  return read(app)
}
