import type { Clock } from '../../../core/ports/clock.ts'
import type { Machine } from '../../../core/ports/machine.ts'
import { describeWarning, listWarnings } from '../../../core/server-warning.ts'

const measureEveryMs = 60_000

/** What every answer warns of, looked at anew when somebody asks and a minute has passed. */
export class ServerWarning {
  readonly #machine: Machine
  readonly #clock: Clock
  readonly #expiring: () => readonly string[]
  #text: string | null = null
  #sentences: readonly string[] = []
  #measuredAtMs = Number.NEGATIVE_INFINITY

  constructor(machine: Machine, clock: Clock, expiring: () => readonly string[]) {
    this.#expiring = expiring
    this.#machine = machine
    this.#clock = clock
  }

  /** As it was when it was last measured; null when all is well. */
  current(): string | null {
    this.#lookAgain()
    return this.#text
  }

  /** The same in sentences of their own, for a screen that shows the state of the disk anyway. */
  sentences(): readonly string[] {
    this.#lookAgain()
    return this.#sentences
  }

  async measure(): Promise<void> {
    this.#measuredAtMs = this.#clock.uptime()
    try {
      const figures = await this.#machine.measure()
      const expiring = this.#expiring()
      this.#sentences = listWarnings(figures, expiring)
      this.#text = describeWarning(this.#machine.facts.name, figures, expiring)
    } catch {
      // A machine that can't be measured has worse problems than this line, and other places tell of them.
      this.#text = null
      this.#sentences = []
    }
  }

  #lookAgain(): void {
    if (this.#clock.uptime() - this.#measuredAtMs >= measureEveryMs) void this.measure()
  }
}
