// Constant load from a thread of its own: what the rest of a benchmark does meanwhile, and it may be much, is in no answer's time.
import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type LoadReport, startLoad, type Target } from '../server/resilience/load.ts'

interface Order {
  readonly target: Target
  readonly perSecond: number
  readonly forMs: number
}

export async function measureApart(order: Order): Promise<LoadReport> {
  const [report] = await once(new Worker(new URL(import.meta.url), { workerData: order }), 'message')
  return report as LoadReport
}

if (!isMainThread) {
  const { target, perSecond, forMs } = workerData as Order
  const load = startLoad(target, perSecond)
  setTimeout(async () => parentPort?.postMessage(await load.stop()), forMs)
}
