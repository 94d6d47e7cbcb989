import type { Page } from 'playwright-core'
import type { FakeDoor, Scene } from './scenes.ts'

const shop = '#/servers/atlas/apps/corner-shop'

/** Router and dynos: names, certificates, sleep, codes, what a server warns of. */
export const runtimeScenes: Record<string, Scene> = {
  domains: { hash: `${shop}/settings`, act: (page) => showDomains(page) },
  'domains-addresses': {
    hash: `${shop}/overview`,
    act: async (page) => {
      await changeDomains(page)
      await page.getByText('leads some visitors elsewhere').or(page.getByText('leads elsewhere')).first().waitFor()
    },
  },
  'certificate-upload': {
    hash: `${shop}/settings`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Upload a certificate' }).click()
      await page.getByRole('textbox', { name: 'Certificate chain' }).fill('fullchain of somewhere')
      await page.getByRole('textbox', { name: 'Private key' }).fill('-----BEGIN PRIVATE KEY-----\nMIGH')
      await page.getByRole('button', { name: 'Upload', exact: true }).click()
      await page.getByText('has no PEM certificate').waitFor()
    },
  },
  hsts: {
    hash: `${shop}/settings`,
    act: async (page) => {
      await page.getByRole('switch', { name: /HSTS/ }).click({ force: true })
      await page.getByRole('button', { name: 'Turn HSTS on' }).waitFor()
    },
  },
  'settings-offline': { hash: '#/servers/cellar/apps/home-wiki/settings' },
  'router-settings': {
    hash: `${shop}/settings`,
    act: (page) => page.getByRole('heading', { name: 'Certificates' }).evaluate((heading) => heading.scrollIntoView()),
  },
  'error-codes': {
    hash: `${shop}/overview`,
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('h12')
      await page.keyboard.press('Enter')
      await page.getByRole('textbox', { name: 'Search the error codes' }).fill('memory')
    },
  },
  asleep: {
    hash: `${shop}/overview`,
    act: async (page) => {
      await page.evaluate(() => {
        const { world, changed } = (window as unknown as { fake: FakeDoor }).fake
        const app = world.apps.find(({ app }) => app.name === 'corner-shop')
        for (const dyno of app?.dynos ?? []) dyno.state = 'idle'
        changed('dynos')
      })
      await page.getByText('Asleep, since').waitFor()
    },
  },
  'server-warned': {
    hash: '#/servers/atlas',
    act: async (page) => {
      await warn(page)
      await page.getByText('needs a reboot').waitFor()
    },
  },
  'apps-warned': {
    hash: '#/',
    act: async (page) => {
      await warn(page)
      await page.getByText('needs a reboot').waitFor()
    },
  },
}

async function showDomains(page: Page): Promise<void> {
  await changeDomains(page)
  await page.getByText('old.example.com').first().waitFor()
  await page.getByRole('heading', { name: 'Domains' }).evaluate((heading) => heading.scrollIntoView())
}

/** One in each state that a name can be in. */
async function changeDomains(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { world, changed } = (window as unknown as { fake: FakeDoor }).fake
    const app = world.apps.find(({ app }) => app.name === 'corner-shop')
    const states = ['shop', 'www', '*', 'old', 'new', 'fail'].map((first) => `${first}.example.com`)
    if (app) app.domains = [...states, 'shop.local', `${'a-label-that-is-long.'.repeat(8)}example.com`]
    changed('domains')
  })
}

async function warn(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { world, changed } = (window as unknown as { fake: FakeDoor }).fake
    world.warnings = [
      'The disk is 93 % full, 5.6 GB are free. Builds are refused below 4.3 GB.',
      'The certificate of old.example.com and 2 more expires soon.',
      'It needs a reboot to finish an update.',
    ]
    changed('server')
  })
}
