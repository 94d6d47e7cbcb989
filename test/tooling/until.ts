import { vi } from 'vitest'

/** Until the assertion holds. The time it has is that of a busy machine: whoever passes takes no more than it needs. */
export function until<T>(assertion: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertion, { timeout: 20_000, interval: 10 })
}
