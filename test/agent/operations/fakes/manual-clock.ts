import type { Clock } from '../../../../agent/core/ports/clock.ts'

interface Alarm {
  readonly atMs: number
  readonly ring: () => void
}

/** Time that stands still until a test turns it. */
export class ManualClock implements Clock {
  #jumpedMs = 0
  readonly #bootedMs = Date.parse('2025-12-31T00:00:00.000Z')
  #nowMs = Date.parse('2026-01-01T00:00:00.000Z')
  #alarms: Alarm[] = []

  uptime(): number {
    return this.#nowMs - this.#bootedMs
  }

  /** It is set anew, and no time passes: what waits goes on to wait as long. */
  jump(durationMs: number): void {
    this.#jumpedMs += durationMs
  }

  now(): number {
    // Every look moves it a little, so that rows have an order.
    this.#nowMs += 1
    return this.#nowMs + this.#jumpedMs
  }

  delay(durationMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const alarm = { atMs: this.#nowMs + durationMs, ring: resolve }
      signal.addEventListener('abort', () => {
        this.#alarms = this.#alarms.filter((other) => other !== alarm)
        reject(signal.reason)
      })
      if (durationMs <= 0) resolve()
      else this.#alarms.push(alarm)
    })
  }

  /** Rings everything that is due, then lets what follows from it happen. */
  async advance(durationMs: number): Promise<void> {
    await settle()
    this.#nowMs += durationMs
    const due = this.#alarms.filter(({ atMs }) => atMs <= this.#nowMs)
    this.#alarms = this.#alarms.filter((alarm) => !due.includes(alarm))
    for (const { ring } of due) ring()
    await settle()
  }
}

/** Lets everything happen that waits for nothing but promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
