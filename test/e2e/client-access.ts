// What the window offers for the heroku client and git, as a user finds it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { HearthWindow } from './window.ts'

export function proveClientAccess(window: () => HearthWindow, { app, server }: { app: string; server: string }): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'hearth-remote-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const git = (...parameters: string[]) => execFileSync('git', parameters, { cwd: folder, encoding: 'utf8' })

  test('a terminal of this computer speaks to the server, and ends with its tab', async () => {
    await window().place(server).first().click()
    await window().button('Open a terminal for the heroku client').click()
    const pane = 'Terminal: heroku and git'
    await window().waitForPane(pane, /\(hearth .*\)/)
    await window().page.keyboard.type(
      'curl -s -H "Authorization: Bearer $HEROKU_API_KEY" $HEROKU_HOST/apps | grep -c id\n',
    )
    await window().waitForPane(pane, /^[1-9]\d*$/m)
    await window().page.keyboard.type('exit 3\n')
    await window().text('Exited with status 3.').waitFor()
    await window().button('Close terminal 1: heroku and git').click()
    await window().button('Open a terminal').waitFor()
  })

  test('an app is added to a folder as a git remote, and taken back', async () => {
    git('init', '--quiet')
    await window().openApp(app, 'Deploy')
    await window().page.getByRole('textbox', { name: 'Folder', exact: true }).fill(folder)
    await window().button('Add remote').click()
    // The notice of an earlier change may offer one of its own.
    const undo = window().page.getByRole('main').getByRole('button', { name: 'Undo', exact: true })
    await undo.waitFor()
    expect(git('remote', 'get-url', 'heroku')).toMatch(new RegExp(`^https://127\\.0\\.0\\.1:\\d+/${app}\\.git\\n$`))
    await undo.click()
    await undo.waitFor({ state: 'detached' })
    expect(git('remote')).toBe('')
  })

  test('another branch is the one whose pushes are built, and stays it', async () => {
    await window().openApp(app, 'Settings')
    const branch = () => window().page.getByRole('textbox', { name: 'Deploy branch' })
    const change = async (name: string) => {
      await branch().fill(name)
      await branch().press('Enter')
      const saved = window().page.locator('button:disabled:not([data-loading])', { hasText: /^Change$/ })
      await saved.waitFor()
      await window().page.reload()
      await expect.poll(() => branch().inputValue(), { timeout: 30_000 }).toBe(name)
    }
    await change('trunk')
    await change('')
  })

  test('the token is revoked', async () => {
    await window().openApp(app, 'Settings')
    await window()
      .text(/^Last used/)
      .waitFor()
    await window().button('Revoke').click()
    await window().button('Revoke token').click()
    await window()
      .text(/^Not used yet/)
      .waitFor()
  })
}
