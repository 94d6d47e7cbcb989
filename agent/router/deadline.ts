/**
 * Begins anew with nearly each piece of a message that passes, so that has to cost nothing: the clock is not read before the
 * next sweep comes along, and the deadline is late by at most one sweep.
 */
export class Deadline {
  private durationMs = 0
  private at: number | null = null

  restart(durationMs: number): void {
    this.durationMs = durationMs
    this.at = null
  }

  isOver(now: number): boolean {
    this.at ??= now + this.durationMs
    return now >= this.at
  }
}
