import { Worker } from 'node:worker_threads'

/** What the thread that stands in for the agent is told. */
export interface StandInOrder {
  readonly socketPath: string
  readonly socketMode: number
  /** On the disk that the agent writes to. */
  readonly folder: string
  /** Silence of the agent after which its disk is tried, and of the disk after which it hangs; 5 s if not said. */
  readonly silentMs?: number
}

export interface StandInData extends Required<StandInOrder> {
  /** Its one number grows as long as the agent's own thread runs. */
  readonly pulse: Int32Array
}

/**
 * A thread that speaks for the agent while the agent's own waits for a disk that hangs. The state is written where everything else is
 * done, so a write that never returns stops the API too, and with it whatever could say why. `program` is the agent's own, whose
 * command `stand-in` the thread runs.
 */
export function openStandIn(
  program: string,
  order: StandInOrder,
  report: (problem: string, cause: unknown) => void,
): { close(): Promise<void> } {
  const pulse = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const workerData = { silentMs: 5000, ...order, pulse } satisfies StandInData
  const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 }
  const worker = new Worker(program, { argv: ['stand-in'], workerData, resourceLimits })
  worker.unref()
  worker.on('error', (error) => report('Nobody is left to speak for the agent on a disk that hangs', error))
  const timer = setInterval(() => Atomics.add(pulse, 0, 1), workerData.silentMs / 5).unref()
  return {
    async close() {
      clearInterval(timer)
      await worker.terminate()
    },
  }
}
