// Hearth's window as a user knows it: names of screens, buttons and fields; no class names, no sleeps.
import type { Locator, Page } from 'playwright-core'
import { wholeScreen } from './whole-screen.ts'

export type AppScreen = 'Overview' | 'Deploy' | 'Releases' | 'Logs' | 'Terminal' | 'Config vars' | 'Settings'

export class HearthWindow {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' })
  }

  text(text: string | RegExp): Locator {
    return this.page.getByText(text).first()
  }

  /** One of the places in the sidebar. */
  place(name: string): Locator {
    return this.page.getByRole('navigation', { name: 'Servers and apps' }).getByRole('link', { name })
  }

  async openApp(name: string, screen: AppScreen = 'Overview'): Promise<void> {
    await this.place(name).first().click()
    await this.openScreen(name, screen)
  }

  async openScreen(app: string, screen: AppScreen): Promise<void> {
    const link = this.page.getByRole('navigation', { name: `Screens of ${app}` }).getByRole('link', { name: screen })
    await link.click()
    await this.page
      .getByRole('link', { name: screen, exact: true })
      .and(this.page.locator('[aria-current=page]'))
      .waitFor()
    await wholeScreen(this.page)
  }

  /** Drags a folder of this machine onto the window, as a file manager would. */
  async dropFolder(folder: string): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page)
    const data = { items: [], files: [folder], dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data })
    await session.detach()
  }

  /** The text of a pane that xterm draws, without the spaces that fill its rows. */
  async paneText(name: string | RegExp): Promise<string> {
    const rows = await this.page.getByRole('region', { name }).locator('.xterm-rows > div').allTextContents()
    return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n')
  }

  /** Waits until a pane shows something, and gives back all that it shows. */
  async waitForPane(name: string | RegExp, pattern: RegExp, timeoutMs = 20_000): Promise<string> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const text = await this.paneText(name)
      if (pattern.test(text)) return text
      if (Date.now() > deadline) throw new Error(`the pane ${name} never showed ${pattern}; it shows:\n${text}`)
      await this.page.waitForTimeout(100)
    }
  }

  /** Until nothing on the screen says that it still loads. */
  async settled(): Promise<void> {
    await this.page.getByRole('heading', { level: 1 }).first().waitFor()
    await this.page.waitForFunction(() => !document.querySelector('[aria-busy=true], .mantine-Skeleton-root'))
    await this.still()
  }

  /** Until no colour and no place is on its way to another. */
  async still(): Promise<void> {
    await this.page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'))
  }
}
