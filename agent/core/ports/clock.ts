/** Time, so that tests can turn it. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number
  /** Whole milliseconds since the machine booted: grows evenly whatever is done to its clock, and over the agent's restarts. */
  uptime(): number
  /** Resolves after that long; rejects with the signal's reason when it aborts. */
  delay(durationMs: number, signal: AbortSignal): Promise<void>
}
