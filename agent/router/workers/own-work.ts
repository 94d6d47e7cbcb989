import { performance } from 'node:perf_hooks'

/** How much of the time this process has something to do. */
export class OwnWork {
  private looked = performance.eventLoopUtilization()
  private share = 0

  /** From 0 to 1, between the last two looks. */
  get busy(): number {
    return this.share
  }

  look(): void {
    const now = performance.eventLoopUtilization()
    this.share = performance.eventLoopUtilization(now, this.looked).utilization
    this.looked = now
  }
}
