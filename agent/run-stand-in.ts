import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { HearthError } from './contract/errors.ts'
import { openJournal } from './journal.ts'
import { DiskCheck } from './machine/disk-check.ts'
import type { StandInData } from './stand-in/stand-in.ts'
import { watchAgent } from './stand-in/watch-agent.ts'

/** `stand-in`: the thread that speaks for the agent while the agent's own waits for its disk. */
export async function runStandIn(): Promise<void> {
  const { pulse, socketPath, socketMode, folder, silentMs } = workerData as StandInData
  // Straight to the descriptor: a thread's standard error goes through the thread that hangs.
  const journal = openJournal((text) => writeSync(2, text))
  await watchAgent({
    beats: () => Atomics.load(pulse, 0),
    // Asked anew: what was found before the agent went on is not true any more.
    diskProblem: () => new DiskCheck(folder, silentMs).problem(),
    async standIn(problem, sinceMs) {
      // Two megabytes that most servers never need. In the bundle it is a part of this file: nothing is read from the disk.
      const { openSubstitute } = await import('./api/substitute.ts')
      return openSubstitute({ socketPath, socketMode, explain: () => explain(problem, performance.now() - sinceMs) })
    },
    tell: (text) => journal.note(text),
    silentMs,
  })
}

function explain(problem: string, silentForMs: number): HearthError {
  return new HearthError(
    'disk_failed',
    `The server's disk ${problem}, and the agent has waited for it for ${Math.round(silentForMs / 1000)} seconds: nothing can be changed until it goes on, and what runs is served on. Look at what its kernel says (dmesg).`,
  )
}
