// Logs and terminals, side by side and with a stream that broke.
import type { FakeDoor, Scene } from './scenes.ts'

const shop = '#/servers/atlas/apps/corner-shop'

export const paneScenes: Record<string, Scene> = {
  panes: {
    hash: `${shop}/logs`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Actions for the pane' }).click()
      await page.getByRole('menuitem', { name: 'Terminal beside it' }).click()
      await page.getByRole('button', { name: 'Open terminal' }).click()
      await page.getByText('run.4821').waitFor()
      await page.keyboard.type('ls\nlose\n')
      await page.waitForTimeout(400)
    },
  },
  'log-beside-log': {
    hash: `${shop}/logs`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Actions for the pane' }).click()
      await page.getByRole('menuitem', { name: 'Log beside it' }).click()
      await page.getByRole('separator').waitFor()
      await page.getByText('History', { exact: true }).first().click()
      await page.waitForTimeout(400)
    },
  },
  'pane-menu': {
    hash: `${shop}/logs`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Actions for the pane' }).click()
      await page.waitForTimeout(400)
    },
  },
  'log-history': {
    hash: `${shop}/logs`,
    query: '&lines=300000',
    act: async (page) => {
      await page.getByText('History', { exact: true }).click()
      await page.getByRole('listbox').getByText('order 307993').click()
      await page.waitForTimeout(300)
    },
  },
  'log-search': {
    hash: `${shop}/logs`,
    act: async (page) => {
      await page.getByText('History', { exact: true }).click()
      await page.getByRole('textbox', { name: 'Search the history' }).fill('kettle')
      await page.getByText(/lines found/).waitFor()
      await page.waitForTimeout(300)
    },
  },
  'logs-broken': {
    hash: `${shop}/logs`,
    act: async (page) => {
      for (const connection of [
        { state: 'offline', reason: 'It went away.', retryAt: null },
        { state: 'online', latencyMs: 1 },
      ]) {
        await page.evaluate((connection) => {
          const { fake } = window as unknown as { fake: FakeDoor }
          Object.assign(fake.world.servers.find(({ id }) => id === 'atlas') ?? {}, { connection })
          fake.changed('servers')
        }, connection)
        await page.waitForTimeout(900)
      }
    },
  },
}
