import { constants } from 'node:os'

/** `SIGTERM` of 15; null for a number that is no signal. */
export function findSignal(number: number): NodeJS.Signals | null {
  const entry = Object.entries(constants.signals).find(([, value]) => value === number)
  return (entry?.[0] as NodeJS.Signals | undefined) ?? null
}
