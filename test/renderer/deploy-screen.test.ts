// What a deploy is made of: a repository's branch, a folder that is watched.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openScreens, type Screens } from './page/open-page.ts'

let screens: Screens
describe.runIf(hasBrowser)('the deploy screen', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test('takes a branch of a repository, shows the commit and what will travel, and deploys it', async () => {
    const page = await screens.open('#/servers/atlas/apps/corner-shop/deploy')
    const panel = page.getByRole('region', { name: 'From a git repository' })
    await panel.getByRole('textbox', { name: 'Repository' }).fill('git@example.org:you/shop.git')
    await panel.getByRole('button', { name: 'Find branches' }).click()
    await panel.getByRole('combobox', { name: 'Branch' }).click()
    await page.getByRole('option', { name: 'harvest-sale' }).click()
    await panel.getByRole('button', { name: 'Look at it' }).click()
    await page.getByText('harvest-sale at 77e10fafc9: Round prices in the cart').waitFor()
    await page.getByText('hearth/node').waitFor()
    await page.getByRole('button', { name: 'Deploy', exact: true }).click()
    await page.getByRole('region', { name: 'Deploying' }).waitFor()
  })

  test('of a repository of several apps looks at the folder that is chosen', async () => {
    const page = await screens.open('#/new-app')
    const panel = page.getByRole('region', { name: 'From a git repository' })
    await panel.getByRole('textbox', { name: 'Repository' }).fill('git@example.org:you/shop.git')
    await panel.getByRole('button', { name: 'Find branches' }).click()
    await panel.getByRole('button', { name: 'Look at it' }).click()
    await page.getByText('hearth/node').waitFor()
    await page.getByRole('combobox', { name: 'Folder of the app' }).click()
    await page.getByRole('option', { name: 'api (Go)' }).click()
    await page.getByText('hearth/go').waitFor()
    await page.getByText('bin/api').waitFor()
  })

  test('says beside the address why a repository is refused', async () => {
    const page = await screens.open('#/new-app')
    const panel = page.getByRole('region', { name: 'From a git repository' })
    await panel.getByRole('textbox', { name: 'Repository' }).fill('http://example.org/shop')
    await panel.getByRole('button', { name: 'Find branches' }).click()
    await panel.getByRole('alert').getByText('git is let use no other').waitFor()
  })

  test('asks before podman is installed on a server that has none, and says how that goes', async () => {
    const page = await screens.open('#/servers/atlas/apps/corner-shop/deploy')
    const panel = page.getByRole('region', { name: 'From an image' })
    const become = (podman: object) =>
      page.evaluate((state) => {
        const { fake } = window as unknown as { fake: { world: { podman: object }; changed(topic: string): void } }
        fake.world.podman = { version: null, problem: null, output: null, ...state }
        fake.changed('server')
      }, podman)
    await panel.waitFor()
    expect(await panel.getByRole('status').count()).toBe(0)
    await become({ state: 'missing', problem: 'Podman is not installed on this server.' })
    await panel.getByText('This server has no podman yet').waitFor()
    await panel.getByRole('button', { name: 'Install podman' }).click()
    await panel.getByText('Podman is being installed.').waitFor()
    await panel.getByText('Setting up podman').waitFor()
    await become({ state: 'missing', problem: 'The package manager could not install them.', output: 'E: no space' })
    await panel.getByText('The package manager could not install them.').waitFor()
    await become({ state: 'ready', version: '4.3' })
    await panel.getByRole('status').waitFor({ state: 'detached' })
  })

  test('watches a folder when it is switched on, says how its last deploy went, and lets go again', async () => {
    const page = await screens.open('#/servers/this-computer/apps/field-notes/deploy')
    const panel = page.getByRole('region', { name: 'Watched folder' })
    await panel.getByText('Its last deploy failed').waitFor()
    await panel.getByText('Watching', { exact: true }).waitFor()
    await panel.getByRole('switch', { name: 'Deploy when this folder changes' }).click({ force: true })
    await panel.getByText('Not watched').waitFor()
    await panel.getByRole('textbox', { name: 'Path to watch' }).fill('/home/ada/gone')
    await panel.getByRole('switch', { name: 'Deploy when this folder changes' }).click({ force: true })
    await panel.getByRole('alert').getByText('There is no folder /home/ada/gone.').waitFor()
    await panel.getByText('Not watched').waitFor()
  })

  test('has a companion in the settings: what is wrong is gathered, read file by file, and saved when somebody says so', async () => {
    const page = await screens.open('#/settings')
    const panel = page.getByRole('region', { name: 'Diagnostics' })
    await panel.getByRole('button', { name: 'Gather' }).click()
    await panel.getByText('desktop.log').click()
    await panel.getByText('postgres://[redacted 1]@db/shop: refused').waitFor()
    const saved = page.waitForEvent('download')
    await panel.getByRole('button', { name: 'Save' }).click()
    expect((await saved).suggestedFilename()).toBe('hearth-diagnostics-2026-11-26-0422.tar.gz')
  })
})
