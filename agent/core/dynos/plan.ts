import type { DynoState } from '../../contract/dynos/dyno.ts'
import type { ProcessTypes } from '../releases/procfile.ts'
import type { FormationEntry } from './formation.ts'

/** A dyno that should run. */
export interface DesiredDyno {
  /** `web.1` */
  readonly name: string
  readonly type: string
  readonly releaseId: string
  readonly command: string
  readonly size: string
}

/** A formation dyno that exists, and is not leaving. */
export interface ActualDyno extends DesiredDyno {
  readonly id: string
  readonly state: DynoState
  readonly createdAt: string
}

export interface Plan {
  readonly start: readonly DesiredDyno[]
  /** Ids, to be drained and stopped once those to start are up. */
  readonly stop: readonly string[]
}

/** Every dyno that a release and its formation ask for. */
export function desireDynos(
  releaseId: string,
  processTypes: ProcessTypes,
  formation: readonly FormationEntry[],
): DesiredDyno[] {
  return formation.flatMap(({ type, quantity, size }) => {
    const command = processTypes[type]
    if (command === undefined) return []
    return Array.from({ length: quantity }, (_, index) => {
      return { name: `${type}.${index + 1}`, type, releaseId, command, size }
    })
  })
}

/**
 * What to do so that exactly the desired dynos exist. A crashed dyno counts as there: its restart has a timer of its
 * own. Of several with one name, as an interrupted deploy leaves them, the
 * most useful one stays.
 */
export function plan(desired: readonly DesiredDyno[], actual: readonly ActualDyno[]): Plan {
  const kept = new Set<string>()
  const start = desired.filter((dyno) => {
    const [best] = actual.filter((candidate) => isSame(dyno, candidate)).sort(byUsefulness)
    if (best) kept.add(best.id)
    return best === undefined
  })
  return { start, stop: actual.filter(({ id }) => !kept.has(id)).map(({ id }) => id) }
}

function isSame(desired: DesiredDyno, actual: ActualDyno): boolean {
  return (
    desired.name === actual.name &&
    desired.releaseId === actual.releaseId &&
    desired.command === actual.command &&
    desired.size === actual.size
  )
}

const usefulness: Record<DynoState, number> = { up: 4, idle: 3, starting: 2, crashed: 1, down: 0 }

function byUsefulness(a: ActualDyno, b: ActualDyno): number {
  return usefulness[b.state] - usefulness[a.state] || (a.createdAt < b.createdAt ? 1 : -1)
}
