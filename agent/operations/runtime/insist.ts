import { HearthError } from '../../contract/errors.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Background } from './background.ts'

const againMs = 5_000

export interface InsistPorts {
  readonly clock: Clock
  readonly background: Background
}

/**
 * Writes to the state what has happened and can't be refused, as a dyno that has ended: at once, or as soon as the disk takes it. What
 * follows from it (a crashed dyno is started again) follows then.
 */
export function insist(ports: InsistPorts, what: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    if (!isOfDisk(error)) throw error
    ports.background.run(what, () => untilWritten(ports, write))
  }
}

/** What the write gives, once the disk takes it. */
export async function untilWritten<T>({ clock, background }: InsistPorts, write: () => T): Promise<T> {
  for (;;) {
    try {
      return write()
    } catch (error) {
      if (!isOfDisk(error)) throw error
      await clock.delay(againMs, background.signal)
    }
  }
}

/** Nothing was changed, and the same may succeed later. */
function isOfDisk(error: unknown): boolean {
  return error instanceof HearthError && (error.id === 'disk_full' || error.id === 'disk_failed')
}
