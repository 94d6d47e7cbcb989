import type { Page } from 'playwright-core'

export interface Scene {
  hash: string
  query?: string
  settleMs?: number
  act?: (page: Page) => Promise<void>
}

const shop = '#/servers/atlas/apps/corner-shop'

/** Each screen in the state that is worth looking at. */
export const scenes: Record<string, Scene> = {
  'first-run': { hash: '#/', query: '&first-run' },
  apps: { hash: '#/' },
  palette: {
    hash: '#/',
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.waitForTimeout(400)
    },
  },
  overview: { hash: `${shop}/overview` },
  crashed: { hash: '#/servers/atlas/apps/weather-api/overview' },
  offline: { hash: '#/servers/cellar/apps/home-wiki/overview' },
  'deploy-empty': { hash: `${shop}/deploy` },
  preview: {
    hash: '#/new-app',
    act: async (page) => {
      await page.getByRole('button', { name: 'Use Hello Node' }).click()
      await page.waitForTimeout(400)
    },
  },
  deploying: {
    hash: `${shop}/deploy`,
    act: async (page) => {
      await startDeploy(page)
      await page.waitForTimeout(3200)
    },
  },
  deployed: {
    hash: `${shop}/deploy`,
    act: async (page) => {
      await startDeploy(page)
      await page.getByText('serves.').waitFor({ timeout: 15_000 })
      await page.waitForTimeout(300)
    },
  },
}

async function startDeploy(page: Page): Promise<void> {
  await page.evaluate(() =>
    (window as unknown as { fake: { call: (name: string, parameters: object) => Promise<unknown> } }).fake.call(
      'deploys.start',
      { serverId: 'atlas', app: 'corner-shop', folder: { kind: 'sample', name: 'hello-node' } },
    ),
  )
  await page.getByRole('list', { name: 'Stages' }).waitFor()
}
