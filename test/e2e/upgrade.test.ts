// A server whose agent an older Hearth installed: announced, upgraded by one click, and its router restarted by another.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeNextAgent, TestDesktop } from '../server/hearth-server.ts'
import { bootWithGroundwork } from '../server/install/groundwork.ts'
import type { Server } from '../servers/index.ts'
import { adoptHome } from './adopt-home.ts'
import { collectConsoleErrors } from './audit.ts'
import { keepEvidence } from './evidence.ts'
import { type Desktop, listLaunchers } from './launch.ts'
import { runHearth } from './run-hearth.ts'
import { HearthWindow } from './window.ts'

describe.each(listLaunchers())('A server with an older agent, in $name', (launcher) => {
  let server: Server
  let desktop: Desktop
  let window: HearthWindow
  let folder: string
  let errors: string[] = []
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'hearth-upgrade-'))
    server = await bootWithGroundwork()
    const before = await TestDesktop.open(path.join(folder, 'home'), server)
    await before.install(await makeNextAgent(path.join(folder, 'agent'), '0.0.9'))
    await before.whenOnline()
    // The desktop that starts now goes on with what the one of before knew: its key, the server, how it logged in.
    desktop = await launcher.launch(async (home) => {
      await adoptHome(before, home)
      await before[Symbol.asyncDispose]()
    })
    desktop.page.setDefaultTimeout(20_000)
    errors = collectConsoleErrors(desktop.page)
    window = new HearthWindow(desktop.page)
  }, 420_000)
  afterEach((context) => desktop && keepEvidence(desktop, context))
  afterAll(async () => {
    await desktop?.close()
    await server?.destroy()
    await rm(folder, { recursive: true, force: true })
  })
  const status = (text: RegExp) => desktop.page.getByRole('status').filter({ hasText: text })
  const row = async () => (await runHearth(desktop.home, 'servers')).stdout

  test('carries a quiet mark in the sidebar, and the command line says what to do', async () => {
    await window.place(server.name).getByText('Its agent can be upgraded').waitFor({ state: 'attached' })
    expect(await row()).toMatch(/0\.0\.9 \(outdated\)[\s\S]*hearth install /)
  })

  test('is upgraded by one click, without a question', async () => {
    const { page } = desktop
    await window.place(server.name).first().click()
    await status(/is 0\.0\.9; this Hearth brings/).waitFor()
    await window.button('Upgrade agent').click()
    const ready = page.getByRole('heading', { name: `${server.name} is ready` })
    const failure = page.getByRole('alert')
    await ready.or(failure).first().waitFor({ timeout: 120_000 })
    if (!(await ready.isVisible())) throw new Error(await failure.first().innerText())
    await status(/Router 0\.0\.9 serves on until it is restarted/).waitFor()
    expect(await row()).toMatch(/\(old router\)[\s\S]*hearth restart-router /)
  })

  test('gets the router of the upgrade by another', async () => {
    await window.button('Show server').click()
    await window.button('Restart router').click()
    await status(/serves on until it is restarted/).waitFor({ state: 'detached' })
    await desktop.page
      .getByRole('definition')
      .filter({ hasText: /^up, 0\.\d+\.\d+, .*:80$/ })
      .waitFor()
    expect(await window.place(server.name).getByText('Its agent can be upgraded').count()).toBe(0)
    expect(await row()).not.toMatch(/old router|outdated/)
  })

  test('nothing went wrong on the console', () => {
    expect(errors).toEqual([])
  })
})
