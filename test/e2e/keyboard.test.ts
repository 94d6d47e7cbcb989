// The whole main flow without a pointer: visible focus at every stop, no traps, and the focus back after dialogs.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startSshd, type ThrowAwaySshd } from '../server/ssh/sshd.ts'
import { eventually } from '../servers/eventually.ts'
import { collectConsoleErrors } from './audit.ts'
import { keepEvidence } from './evidence.ts'
import { hasFocus, Keyboard } from './keyboard.ts'
import { type Desktop, listLaunchers } from './launch.ts'
import { visitUntil } from './visit.ts'
import { wholeScreen } from './whole-screen.ts'
import { type AppScreen, HearthWindow } from './window.ts'

const app = 'hello-node'
const screens: AppScreen[] = ['Overview', 'Deploy', 'Releases', 'Logs', 'Terminal', 'Config vars', 'Settings']

describe.each(listLaunchers())('With the keyboard alone, in $name', (launcher) => {
  let sshd: ThrowAwaySshd
  let desktop: Desktop
  let window: HearthWindow
  let keyboard: Keyboard
  let errors: string[] = []
  beforeAll(async () => {
    sshd = await startSshd()
    desktop = await launcher.launch()
    desktop.page.setDefaultTimeout(30_000)
    errors = collectConsoleErrors(desktop.page)
    window = new HearthWindow(desktop.page)
    keyboard = new Keyboard(desktop.page)
  })
  afterEach((context) => desktop && keepEvidence(desktop, context))
  afterAll(async () => {
    await desktop?.close()
    await sshd?.close()
  })

  const page = () => desktop.page
  const button = (name: string | RegExp) => window.button(name)
  const expectFocus = (name: string, role: 'button' | 'link' | 'textbox' | 'heading' | 'combobox' = 'button') =>
    eventually(() => hasFocus(page().getByRole(role, { name, exact: true })), 20_000, `${name} does not have the focus`)
  /** Whoever steps on before it is there would be sent back to where they had come. */
  const whenInDialog = async () => {
    const dialog = page().getByRole('dialog')
    await dialog.waitFor()
    const holdsFocus = () => dialog.evaluate((element) => element.contains(document.activeElement))
    await eventually(holdsFocus, 20_000, 'the dialog does not take the focus')
  }
  const openScreen = async (screen: AppScreen) => {
    const link = page()
      .getByRole('navigation', { name: `Screens of ${app}` })
      .getByRole('link', { name: screen })
    await keyboard.press(link)
    await link.and(page().locator('[aria-current=page]')).waitFor()
    await wholeScreen(page())
  }

  test('the sample becomes an app with a URL', async () => {
    await window.text('This computer is ready').waitFor()
    await keyboard.press(button('Deploy sample'))
    await window.text('v2 serves.').waitFor({ timeout: 150_000 })
    const link = page()
      .getByRole('link', { name: /^http:\/\// })
      .first()
    await keyboard.tabTo(link)
    await visitUntil((await link.getAttribute('href')) ?? '', 'Hello from your own Hearth')
  })

  test('a server is added as far as its key and the login, and forgotten again', async () => {
    await keyboard.press(window.place('Add server'))
    await expectFocus('Host', 'combobox')
    await page().keyboard.type(`root@127.0.0.1:${sshd.target.port}`)
    await keyboard.fill(page().getByRole('textbox', { name: 'Name' }), 'cellar')
    await keyboard.press(button('Continue'))
    await window.text(/^SHA256:/).waitFor()
    await keyboard.press(button('Trust this key'))
    await keyboard.tabTo(button('Install'))

    await keyboard.press(window.place('cellar'))
    await keyboard.press(button('Forget server'))
    await expectFocus('Keep')
    await page().keyboard.press('Escape')
    await expectFocus('Forget server')
    await page().keyboard.press('Enter')
    await whenInDialog()
    await keyboard.press(page().getByRole('dialog').getByRole('button', { name: 'Forget server' }))
    await page().getByRole('heading', { name: 'Apps' }).waitFor()
    await expectFocus('Apps', 'heading')
  })

  test('the slider scales, and stays where the keyboard is', async () => {
    await keyboard.press(window.place(app))
    await keyboard.press(page().getByRole('slider', { name: 'web quantity' }), 'ArrowRight')
    const dynos = page().getByRole('list', { name: 'Dynos' }).getByRole('listitem')
    await dynos.filter({ hasText: 'web.2' }).getByText('up', { exact: true }).waitFor()
    expect(await hasFocus(page().getByRole('slider', { name: 'web quantity' }))).toBe(true)
    await keyboard.press(button('Actions for web.2'))
    const menu = page().getByRole('menu')
    await menu.waitFor()
    await page().keyboard.press('ArrowDown')
    await page().keyboard.press('Escape')
    await menu.waitFor({ state: 'detached' })
    await expectFocus('Actions for web.2')
    await page().keyboard.press('Enter')
    await menu.waitFor()
    // It takes the focus a moment after it is to be seen.
    const holdsFocus = () => menu.evaluate((element) => element.contains(document.activeElement))
    await eventually(holdsFocus, 20_000, 'the menu does not take the focus')
    await page().keyboard.press('Tab')
    await menu.waitFor({ state: 'detached' })
    await expectFocus('Actions for web.2')
  })

  test('a config var is added, changed and removed, and the removal taken back', async () => {
    await openScreen('Config vars')
    await keyboard.fill(page().getByRole('textbox', { name: 'Name' }), 'GREETING')
    await keyboard.fill(page().getByRole('textbox', { name: 'Value' }), 'hello')
    await page().keyboard.press('Enter')
    await button('Reveal GREETING').waitFor()
    await expectFocus('Name', 'textbox')

    await keyboard.press(button('Edit GREETING'))
    await page().keyboard.type(' again')
    await page().keyboard.press('Control+Enter')
    await button('Edit GREETING').waitFor()
    await expectFocus('Reveal GREETING')
    await page().keyboard.press('Enter')
    await window.text('hello again').waitFor()

    await keyboard.press(button('Remove GREETING'))
    await keyboard.press(page().getByRole('dialog').getByRole('button', { name: 'Remove GREETING' }))
    await page().getByText('No config vars yet').waitFor()
    await keyboard.press(button('Undo'))
    await page().getByText('hello again').waitFor()
    await page().getByText('Undone').waitFor()
    await keyboard.step()
  })

  test('a rollback asks in a dialog that holds the focus, and gives it back', async () => {
    await openScreen('Releases')
    await keyboard.press(button('Roll back to v3'))
    const dialog = page().getByRole('dialog')
    await whenInDialog()
    for (let stop = 0; stop < 6; stop++) {
      await keyboard.step()
      expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true)
    }
    await page().keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expectFocus('Roll back to v3')
    await page().keyboard.press('Enter')
    await whenInDialog()
    await keyboard.press(dialog.getByRole('button', { name: 'Roll back' }))
    const releases = page().getByRole('list', { name: 'Releases' }).getByRole('listitem')
    await releases.filter({ hasText: 'Rollback to v3' }).getByText('current').waitFor({ timeout: 30_000 })
    await expectFocus('Roll back to v3')
    await keyboard.press(button('Details of v3'))
    await keyboard.press(button(/^No way back to v1/))
    await page().keyboard.press('Escape')
    await expectFocus('No way back to v1')
  })

  test('a terminal takes Tab for its program, and lets the keyboard out', async () => {
    await openScreen('Terminal')
    await keyboard.press(button('Open terminal'))
    const terminal = /^Terminal: bash/
    await window.waitForPane(terminal, /[$#]\s*$/)
    await page().keyboard.type('echo com')
    await page().keyboard.press('Tab')
    await page().keyboard.type('pleted\n')
    await window.waitForPane(terminal, /echo com.*pleted[\s\S]*pleted\n/)
    await window.text('Shift F6').waitFor()
    await page().keyboard.press('Shift+F6')
    await keyboard.tabTo(button('Close terminal 1: bash'))
    await keyboard.press(page().getByRole('region', { name: terminal }).getByRole('textbox'), 'Shift+F6')
    await keyboard.press(button('Close terminal 1: bash'))
    await button('Open terminal').waitFor()
  })

  test('the log is searched and paused, and its pane passed', async () => {
    await openScreen('Logs')
    await window.waitForPane(`Log of ${app}`, /listening/)
    await page().keyboard.press('Control+f')
    await expectFocus('Search the log', 'textbox')
    await page().keyboard.type('listening')
    await keyboard.press(button('Next match'))
    await keyboard.press(button('Pause'))
    await expectFocus('Resume')
    await page().keyboard.press('Enter')
    await keyboard.tabTo(
      page()
        .getByRole('region', { name: `Log of ${app}` })
        .getByRole('textbox'),
    )
    await keyboard.step()
    expect(
      await hasFocus(
        page()
          .getByRole('region', { name: `Log of ${app}` })
          .getByRole('textbox'),
      ),
    ).toBe(false)
  })

  test('commands are found by the palette', async () => {
    await page().keyboard.press('Control+k')
    await page().keyboard.type('ledger')
    await page().keyboard.press('Enter')
    await page().getByRole('heading', { name: 'Ledger', level: 1 }).waitFor()
    await expectFocus('Ledger', 'heading')
  })

  test('every screen is passed through from end to end', async () => {
    const around: string[] = []
    const walk = async (screen: string) => {
      await window.settled()
      around.push(`${screen}: ${(await keyboard.walkAround()).length} stops`)
    }
    for (const place of ['All apps', 'Ledger', 'Add server', 'Settings', 'This computer']) {
      await keyboard.press(window.place(place).first())
      await walk(place)
    }
    await keyboard.press(window.place(app))
    for (const screen of screens) {
      await openScreen(screen)
      await walk(screen)
    }
    expect(around).toHaveLength(12)
  })

  test('the app is destroyed by its name, typed', async () => {
    await openScreen('Settings')
    await keyboard.press(button('Destroy app'))
    await expectFocus(`Type ${app} to confirm`, 'textbox')
    await page().keyboard.press('Escape')
    await expectFocus('Destroy app')
    await page().keyboard.press('Enter')
    await expectFocus(`Type ${app} to confirm`, 'textbox')
    await page().keyboard.type(app)
    await page().keyboard.press('Enter')
    await page().getByRole('heading', { name: 'Welcome to Hearth' }).waitFor({ timeout: 30_000 })
    await expectFocus('Welcome to Hearth', 'heading')
  })

  test('the focus was always seen', () => {
    expect(keyboard.faults).toEqual([])
    expect(errors).toEqual([])
  })
})
