import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from '../json-file.ts'
import type { Program } from '../ports/program.ts'
import { identify, isRunning, type ProcessIdentity } from './process-lock.ts'

const record = z.object({
  pid: z.number().int().positive(),
  started: z.string().nullable(),
  /** What it runs, so that an agent of another version is not taken for ours. */
  program: z.string().optional(),
})

const pollMs = 200

/** Notes which agent runs, for a desktop after us: one that was killed could not stop its agent. */
export async function noteAgent(path: string, pid: number, program: string): Promise<void> {
  await writeJsonFile(path, { ...(await identify(pid)), program })
}

/**
 * The agent that a desktop before us left behind when it was killed: builds and dynos go on in it, so it is kept when it
 * runs the same program. Null when there is none; another one is ended, because two agents on one state would be worse than
 * a slow start.
 */
export async function takeLeftAgent(path: string, program: string, stopMs: number): Promise<Program | null> {
  const { value } = await readJsonFile(path, record)
  // Without a start time the number could be anybody's by now.
  if (value === null || value.started === null || !(await isRunning(value))) return null
  if (value.program === program) return adopt(value)
  process.kill(value.pid, 'SIGTERM')
  if (await isGone(value, stopMs)) return null
  process.kill(value.pid, 'SIGKILL')
  await isGone(value, stopMs)
  return null
}

/** Not our child, so nobody tells how it ended; that it has is seen. */
function adopt(identity: ProcessIdentity): Program {
  return {
    pid: identity.pid,
    exit: isGone(identity, Number.POSITIVE_INFINITY).then(() => 'an unknown status'),
    kill: (signal) => {
      try {
        process.kill(identity.pid, signal)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
    },
  }
}

async function isGone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline) {
    if (!(await isRunning(identity))) return true
    await sleep(pollMs)
  }
  return false
}
