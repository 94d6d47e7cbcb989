import { setTimeout as sleep } from 'node:timers/promises'

/** Polls until the condition holds; its value is given back. */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  timeoutMs: number,
  failure: string,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const value = await condition()
    if (value) return value as NonNullable<Exclude<T, false>>
    if (Date.now() > deadline) throw new Error(failure)
    await sleep(20)
  }
}
