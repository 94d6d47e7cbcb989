import { randomInt } from 'node:crypto'
import type { Context } from '../context.ts'

/** The number of a one-off dyno's name (`run.1234`), not in use by another of the app. */
export function oneOffNumber(context: Context, appId: string): number {
  const used = new Set(context.store.dynos.list(appId).map(({ name }) => Number(name.split('.')[1])))
  for (;;) {
    const number = randomInt(1000, 10_000)
    if (!used.has(number)) return number
  }
}
