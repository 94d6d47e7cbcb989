// What a failed test leaves for whoever looks into it.
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'vitest'
import type { Desktop } from './launch.ts'

/** A picture of the window and what the product printed, when the test failed. */
export async function keepEvidence({ page, output }: Desktop, { task }: TestContext): Promise<void> {
  if (task.result?.state !== 'fail') return
  const file = path.join(tmpdir(), `hearth-failed-${task.name.replace(/\W+/g, '-').slice(0, 60)}.png`)
  const isTaken = await page.screenshot({ path: file }).then(
    () => true,
    () => false,
  )
  console.log(`${task.name}: ${isTaken ? `the window is in ${file}` : 'no picture'}; the product said:\n${output()}`)
}
