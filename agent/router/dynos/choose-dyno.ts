import { limits } from '../limits.ts'
import type { DynoRoute } from './routes.ts'

/** One at random of those that are not in quarantine and did not refuse this request before; null if there is none. */
export function chooseDyno(dynos: readonly DynoRoute[], tried: readonly DynoRoute[]): DynoRoute | null {
  if (tried.length >= limits.connectAttempts) return null
  const first = oneOf(dynos)
  // Nearly always: no need to look at all the others, nor at the clock.
  if (first && first.quarantinedUntil === 0 && tried.length === 0) return first
  const now = performance.now()
  const isUsable = (dyno: DynoRoute) => dyno.quarantinedUntil <= now && !tried.includes(dyno)
  if (first && isUsable(first)) return first
  return oneOf(dynos.filter(isUsable)) ?? null
}

const oneOf = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)]
