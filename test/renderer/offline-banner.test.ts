// What an app's screen offers while its server is away.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, openScreens, type Screens } from './page/open-page.ts'

let screens: Screens
describe.runIf(hasBrowser)('an app whose server is not connected', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    screens = await openScreens()
  }, 60_000)
  afterAll(() => screens?.[Symbol.asyncDispose]())

  test.each(['offline', 'connecting'])('offers to try again where that may help: %s', async (state) => {
    const banner = await openApp({ state, reason: 'It does not answer.', retryAt: null })
    await banner.getByRole('button', { name: 'Connect now' }).waitFor()
  })

  test.each(['host-key-changed', 'needs-install', 'needs-system-ssh'])(
    'leads to where somebody has to decide when trying again would change nothing: %s',
    async (state) => {
      const banner = await openApp({ state, reason: 'Somebody has to decide.', fingerprint: 'SHA256:x' })
      expect(await banner.getByRole('button').allTextContents()).toEqual(['Show server'])
      await banner.getByRole('button').click()
      await banner.page().getByRole('heading', { level: 1, name: 'atlas' }).waitFor()
    },
  )

  async function openApp(connection: Record<string, unknown>) {
    const page = await screens.open('#/servers/atlas/apps/corner-shop')
    await page.evaluate((connection) => {
      const { fake } = window as unknown as { fake: { world: { servers: object[] }; changed(topic: string): void } }
      Object.assign(fake.world.servers.find((server) => 'id' in server && server.id === 'atlas') ?? {}, { connection })
      fake.changed('servers')
    }, connection)
    const banner = page.getByRole('status').filter({ hasText: 'is not connected' })
    await banner.waitFor()
    return banner
  }
})
