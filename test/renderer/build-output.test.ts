// A deploy's output: its search, and the line that a failure points to.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openScreens, type Screens } from './page/open-page.ts'
import type { FakeBridge } from './world/fake-bridge.ts'

let screens: Screens
describe.runIf(hasBrowser)('the output of a build', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test('that failed shows the line that says why, marked, and comes back to it', async () => {
    const page = await openFailed()
    const output = page.getByRole('region', { name: 'Build output' })
    await output.getByText('error TS2322').waitFor()
    await expect.poll(() => output.locator('.xterm-decoration').count()).toBe(1)
    // Scrolled away from, and back.
    await page.getByRole('textbox', { name: 'Search the build output' }).fill('ended with status 2')
    await output.getByText('error TS2322').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Show the line that failed' }).click()
    await output.getByText('error TS2322').waitFor()
  })

  test('is searched', async () => {
    const page = await openFailed()
    await page.getByRole('region', { name: 'Build output' }).getByText('error TS2322').waitFor()
    await page.keyboard.press('Control+f')
    const search = page.getByRole('textbox', { name: 'Search the build output' })
    await expect.poll(() => search.evaluate((element) => element === document.activeElement)).toBe(true)
    await search.fill('at step 5')
    await page.getByText('11/11').waitFor()
    await page.getByRole('button', { name: 'Previous match' }).click()
    await page.getByText('10/11').waitFor()
  })
})

async function openFailed(): Promise<Page> {
  const page = await screens.open('#/servers/atlas/apps/corner-shop/deploy')
  await page.evaluate(failDeploy)
  return page
}

function failDeploy(): void {
  const { fake } = window as unknown as { fake: FakeBridge }
  const app = fake.world.apps.find((each) => each.app.name === 'corner-shop')
  const at = new Date().toISOString()
  fake.world.deploys.unshift({
    ...{ id: 'failed', serverId: 'atlas', appId: app?.app.id ?? '', appName: 'corner-shop', stage: 'build' },
    ...{ state: 'failed', startedAt: at, endedAt: at, stageMs: {}, step: null, release: null, url: null },
    ...{ files: { total: 1, sent: 1 }, bytes: { total: 1, sent: 1 } },
    error: 'The command "npm run build" ended with status 2.',
  })
  fake.changed('deploys')
}
