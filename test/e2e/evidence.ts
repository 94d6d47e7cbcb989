// What a failed test leaves for whoever looks into it.
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { TestContext } from 'vitest'
import type { Desktop } from './launch.ts'

/** A page that hangs must not hold up what is known without it. */
const patienceMs = 5_000

/** A picture of the window and what the product printed, when the test failed; what the window says goes into the error itself. */
export async function keepEvidence(
  { page, output }: Pick<Desktop, 'page' | 'output'>,
  { task }: TestContext,
): Promise<void> {
  if (task.result?.state !== 'fail') return
  const said = await Promise.race([readWindow(page), delay(patienceMs, 'nothing: it hangs')]).catch(String)
  const error = task.result.errors?.at(-1)
  if (error) Object.assign(error, addToFirstLine(error, said))
  const file = path.join(tmpdir(), `hearth-failed-${task.name.replace(/\W+/g, '-').slice(0, 60)}.png`)
  const isTaken = await page.screenshot({ path: file, timeout: patienceMs }).then(
    () => true,
    () => false,
  )
  console.log(`${task.name}: ${isTaken ? `the window is in ${file}` : 'no picture'}; the product said:\n${output()}`)
}

/** Of many records of a failure only the first line is read: what was waited for, and what was there instead. */
export function addToFirstLine({ message, stack = message }: { message: string; stack?: string }, said: string) {
  const [first = ''] = message.split('\n', 1)
  // `locator.click: Timeout 30000ms exceeded.` and, below it, `  - waiting for getByRole('button', { name: 'Deploy' })`
  const awaited = /^\s*- (waiting for .+)$/m.exec(message)?.[1]
  const whole = [first, ...(awaited ? [awaited] : []), `the window says: ${said}`].join('; ')
  return { message: whole + message.slice(first.length), stack: stack.replace(first, () => whole) }
}

async function readWindow(page: Page): Promise<string> {
  const texts = await page.evaluate(() => {
    const shown = [
      ...document.querySelectorAll('[role=dialog], [role=alert], [role=status], main h1, [aria-busy=true]'),
    ]
    const say = (element: Element) =>
      `${element.getAttribute('role') ?? ''} ${element.getAttribute('aria-busy') === 'true' ? 'busy ' : ''}${element.textContent}`
    return [location.hash, ...shown.map(say)].map((text) => text.replaceAll(/\s+/g, ' ').trim().slice(0, 120))
  })
  return texts.filter(Boolean).join(' | ').slice(0, 400)
}
