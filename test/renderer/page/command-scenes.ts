import type { Scene } from './scenes.ts'

const shop = '#/servers/atlas/apps/corner-shop'

/** The palette, the sheet, menus and questions. */
export const commandScenes: Record<string, Scene> = {
  palette: {
    hash: '#/',
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.waitForTimeout(400)
    },
  },
  'palette-search': {
    hash: `${shop}/overview`,
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('restart')
      await page.waitForTimeout(400)
    },
  },
  shortcuts: {
    hash: `${shop}/overview`,
    act: async (page) => {
      await page.keyboard.press('?')
      await page.waitForTimeout(400)
    },
  },
  'context-menu': {
    hash: '#/',
    act: async (page) => {
      await page.getByRole('list', { name: 'Apps on atlas' }).getByRole('link').first().click({ button: 'right' })
      await page.waitForTimeout(300)
    },
  },
  destroy: {
    hash: `${shop}/settings`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Destroy app' }).click()
      await page.waitForTimeout(300)
    },
  },
  undo: {
    hash: `${shop}/overview`,
    act: async (page) => {
      await page.getByRole('slider', { name: 'web quantity' }).press('ArrowRight')
      await page.getByRole('button', { name: 'Undo' }).waitFor()
      await page.keyboard.press('Control+z')
      await page.getByText('Undone').waitFor()
      await page.getByRole('slider', { name: 'web quantity' }).press('ArrowRight')
      await page.getByRole('button', { name: 'Undo' }).waitFor()
      await page.waitForTimeout(300)
    },
  },
  'server-trust': {
    hash: '#/servers/atlas',
    act: async (page) => {
      await page.getByRole('button', { name: 'Trust on this computer' }).click()
      await page.getByRole('list', { name: 'Steps' }).getByText('Hearth does this').waitFor()
      await page.waitForTimeout(300)
    },
  },
  'server-trusted': {
    hash: '#/servers/atlas',
    act: async (page) => {
      await page.getByRole('button', { name: 'Trust on this computer' }).click()
      await page.getByRole('button', { name: 'Trust it' }).click()
      await page.getByRole('list', { name: 'Steps' }).getByText('done').waitFor()
      await page.waitForTimeout(300)
    },
  },
  'settings-import': {
    hash: '#/settings',
    act: async (page) => {
      const file = { name: 'hearth-settings.json', mimeType: 'application/json', buffer: Buffer.from('{}') }
      await page.locator('input[type=file]').setInputFiles(file)
      await page.getByText('basement').waitFor()
      await page.waitForTimeout(300)
    },
  },
  'settings-imported': {
    hash: '#/settings',
    act: async (page) => {
      const file = { name: 'hearth-settings.json', mimeType: 'application/json', buffer: Buffer.from('{}') }
      await page.locator('input[type=file]').setInputFiles(file)
      await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click()
      await page.getByRole('button', { name: 'Add nas' }).scrollIntoViewIfNeeded()
      await page.waitForTimeout(300)
    },
  },
}
