// npm run check: everything that must be green at every commit.
import { makeCheckSteps } from './check-steps.ts'
import { runSteps } from './step.ts'

const results = await runSteps(makeCheckSteps(), AbortSignal.timeout(600_000))
if (results.some(({ isPassed }) => !isPassed)) process.exitCode = 1
