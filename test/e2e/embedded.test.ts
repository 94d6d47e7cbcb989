import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { collectConsoleErrors } from './audit.ts'
import { proveClientAccess } from './client-access.ts'
import { keepEvidence } from './evidence.ts'
import { type Desktop, listLaunchers } from './launch.ts'
import { flowApp, proveMainFlow } from './main-flow.ts'
import { proveScreens } from './screens.ts'
import { visitUntil } from './visit.ts'
import { HearthWindow } from './window.ts'

describe.each(listLaunchers())('This computer, in $name', (launcher) => {
  let desktop: Desktop
  let window: HearthWindow
  let errors: string[] = []
  beforeAll(async () => {
    desktop = await launcher.launch()
    desktop.page.setDefaultTimeout(30_000)
    errors = collectConsoleErrors(desktop.page)
    window = new HearthWindow(desktop.page)
  })
  afterEach((context) => desktop && keepEvidence(desktop, context))
  afterAll(() => desktop?.close())

  test('is ready as soon as the window is open', async () => {
    await window.text('This computer is ready').waitFor()
  })

  test('the sample is deployed in one click, says what was sent, and its URL answers', async () => {
    await window.button('Deploy sample').click()
    await window.text(/^What (is|was) sent: Node\.js, \d files/).waitFor()
    await window.text('v2 serves.').waitFor({ timeout: 150_000 })
    const url = await desktop.page
      .getByRole('link', { name: /^http:\/\// })
      .first()
      .getAttribute('href')
    await visitUntil(url ?? '', 'Hello from your own Hearth')
  })

  proveMainFlow(
    () => window,
    () => ({ name: 'This computer' }),
  )

  proveClientAccess(() => window, { app: flowApp, server: 'This computer' })

  proveScreens(() => window, { app: flowApp, server: 'This computer' })

  test('nothing went wrong on the console', () => {
    expect(errors).toEqual([])
  })
})
