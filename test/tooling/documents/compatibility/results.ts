// What the suite that runs the stock client saw, as it leaves it in test/client/results.json. The file is committed, so that
// the document says what was measured and not what somebody hoped.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { readText, root } from '../../repository.ts'

export const resultsFile = 'test/client/results.json'

const outcome = z.enum(['passed', 'failed', 'not run'])

export const clientResults = z.strictObject({
  /** Versions of npm's `heroku`, newest first. */
  versions: z.array(z.string().regex(/^\d+\.\d+\.\d+$/)).min(1),
  /** By the command as `heroku help` names it (`ps:scale`), then by version. */
  commands: z.record(z.string(), z.record(z.string(), outcome)),
})
export type ClientResults = z.infer<typeof clientResults>

/** Null as long as no run has been recorded. */
export function readResults(): ClientResults | null {
  if (!existsSync(path.join(root, resultsFile))) return null
  return clientResults.parse(JSON.parse(readText(resultsFile)))
}
