import type { Page } from 'playwright-core'

/** A click is answered by title and tabs; until the screen under them is made, that of before stays. Waits until it is made. */
export async function wholeScreen(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('main [aria-busy=true]') === null)
}
