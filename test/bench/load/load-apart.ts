// Constant load from a thread of its own, before all others in the queue for the processor, as if it were on another machine: what the
// rest of a benchmark does meanwhile, and it may be much, is in no answer's time.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readlinkSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type LoadReport, startLoad, type Target } from '../../server/resilience/load.ts'

interface Order {
  readonly target: Target
  readonly perSecond: number
  readonly forMs: number
}

export async function measureApart(order: Order): Promise<LoadReport> {
  const [report] = await once(new Worker(new URL(import.meta.url), { workerData: order }), 'message')
  return report as LoadReport
}

const ownGroup = '/proc/self/autogroup'

/**
 * What this process does besides gives way to everybody: the desktop is on another machine too, and only here beside the server. Returns
 * what takes it back.
 */
export function giveWay(): () => void {
  const setAll = (priority: number) => {
    setPriority(priority)
    // Where sessions are groups of the scheduler's, a process's own priority counts inside of its session alone.
    if (existsSync(ownGroup)) writeFileSync(ownGroup, String(priority))
  }
  setAll(constants.priority.PRIORITY_LOW)
  return () => setAll(constants.priority.PRIORITY_NORMAL)
}

if (!isMainThread) {
  // `PID/task/TID`. A real-time class, since priorities within the usual one count among neighbours in a group only.
  const thread = readlinkSync('/proc/thread-self').split('/').at(-1) ?? ''
  execFileSync('chrt', ['--rr', '--pid', '1', thread])
  const { target, perSecond, forMs } = workerData as Order
  const load = startLoad(target, perSecond)
  setTimeout(async () => parentPort?.postMessage(await load.stop()), forMs)
}
