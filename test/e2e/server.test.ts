import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildAgent } from '../server/hearth-server.ts'
import { bootWithGroundwork } from '../server/install/groundwork.ts'
import { bootServer, type Server } from '../servers/index.ts'
import { isAllAsked } from '../tooling/scope.ts'
import { collectConsoleErrors } from './audit.ts'
import { keepEvidence } from './evidence.ts'
import { type Desktop, listLaunchers } from './launch.ts'
import { proveMainFlow } from './main-flow.ts'
import { HearthWindow } from './window.ts'

const name = 'cellar'

describe.each(listLaunchers())('A server of one’s own, in $name', (launcher) => {
  let server: Server
  let desktop: Desktop
  let window: HearthWindow
  let errors: string[] = []
  beforeAll(async () => {
    // test/server/install has the fresh machine; its stack takes a minute to make.
    server = isAllAsked ? await bootServer() : await bootWithGroundwork()
    buildAgent() // It also tells the product which package registry this machine uses.
    desktop = await launcher.launch()
    desktop.page.setDefaultTimeout(20_000)
    errors = collectConsoleErrors(desktop.page)
    window = new HearthWindow(desktop.page)
  }, 400_000)
  afterEach((context) => desktop && keepEvidence(desktop, context))
  afterAll(async () => {
    await desktop?.close()
    await server?.destroy()
  })

  test('is added by its address, shows its key, and is installed while one watches', async () => {
    const { page } = desktop
    await window.place('Add server').click()
    await page
      .getByRole('textbox', { name: 'Host' })
      .or(page.getByRole('combobox', { name: 'Host' }))
      .fill(server.host)
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await window.button('Continue').click()
    await window.text(server.hostKeyFingerprint).waitFor()
    await window.button('Trust this key').click()
    await page.getByText('Key file', { exact: true }).first().click()
    const file = page.getByRole('textbox', { name: 'Key file' }).or(page.getByRole('combobox', { name: 'Key file' }))
    await file.fill(server.key)
    await page.keyboard.press('Escape')
    await window.button('Install').click()
    const ready = page.getByRole('heading', { name: `${name} is ready` })
    const failure = page.getByRole('alert')
    await ready.or(failure).first().waitFor({ timeout: 170_000 })
    if (!(await ready.isVisible())) throw new Error(await failure.first().innerText())
    const steps = page.getByRole('list', { name: 'Steps of the installation' }).getByRole('listitem')
    expect(await steps.last().innerText()).toContain('Verify')
  }, 200_000)

  proveMainFlow(
    () => window,
    () => ({ name }),
  )

  test('nothing went wrong on the console', () => {
    expect(errors).toEqual([])
  })
})
