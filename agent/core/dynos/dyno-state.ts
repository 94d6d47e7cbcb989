import type { DynoState } from '../../contract/dynos/dyno.ts'
import type { DynoExit } from '../ports/dynos/dyno-runner.ts'
import { describeFullDisk, isDiskFull } from './dyno-disk.ts'

/** What can happen to a dyno. */
export type DynoEvent =
  /** It listens, or (not being a web dyno) lived long enough to count as up. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'exited'; readonly exit: Omit<DynoExit, 'id'> }
  /** It did not listen in time. */
  | { readonly kind: 'timed-out'; readonly timeoutMs: number }
  /** The runner could not start it. */
  | { readonly kind: 'refused'; readonly message: string }

export interface DynoCondition {
  readonly state: DynoState
  readonly reason: string | null
}

/** The one place where a dyno's state changes. */
export function next(current: DynoState, event: DynoEvent): DynoCondition {
  switch (event.kind) {
    case 'ready':
      // A late answer to the boot check must not revive a dyno that crashed or was stopped meanwhile.
      return current === 'starting' ? { state: 'up', reason: null } : { state: current, reason: null }
    case 'exited':
      return { state: 'crashed', reason: describeExit(event.exit) }
    case 'timed-out':
      return {
        state: 'crashed',
        reason: `did not listen on $PORT within ${Math.round(event.timeoutMs / 1000)} seconds of launch (R10)`,
      }
    case 'refused':
      return { state: 'crashed', reason: event.message }
    default:
      return assertNever(event)
  }
}

/** What there is to say of a dyno that was started again and is well, so far as is known; null of one that never crashed. */
export function describeRestarts(restarts: number, lastCrash: string | null): string | null {
  if (lastCrash === null) return null
  return `${restarts === 1 ? 'was started again' : `was started again ${restarts} times`}: it ${lastCrash}`
}

/** `exited with status 1`, as a dyno's reason. */
export function describeExit(exit: Omit<DynoExit, 'id'>): string {
  return exit.disk && isDiskFull(exit.disk)
    ? `${describeEnd(exit)}, and ${describeFullDisk(exit.disk)}`
    : describeEnd(exit)
}

function describeEnd(exit: Omit<DynoExit, 'id'>): string {
  if (exit.outOfMemory) return 'was ended because it went over its memory limit (R15)'
  if (exit.signal !== null) return `was ended by the signal ${exit.signal}`
  return `exited with status ${exit.status ?? 'unknown'}`
}

function assertNever(event: never): never {
  throw new TypeError(`Not a dyno event: ${JSON.stringify(event)}`)
}
