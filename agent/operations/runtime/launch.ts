import { randomUUID } from 'node:crypto'
import type { DesiredDyno } from '../../core/plan.ts'
import type { DynoExit, DynoSpec } from '../../core/ports/dyno-runner.ts'
import type { AppRow, DynoRow, ReleaseRow } from '../../core/ports/store.ts'

/** One start of a dyno. */
export interface Launch extends Omit<DesiredDyno, 'releaseId'> {
  readonly app: AppRow
  readonly release: ReleaseRow
  readonly kind: DynoRow['kind']
  /** Starts before this one that crashed. */
  readonly restarts?: number
  readonly attach?: DynoSpec['attach']
  /** Added to the config vars. */
  readonly extra?: Readonly<Record<string, string>>
  readonly expiresAt?: string | null
  /** Gets what it prints, besides the log. */
  readonly follow?: (text: string) => void
}

export interface StartedDyno {
  readonly row: DynoRow
  readonly exit: Promise<DynoExit>
}

/** The row of a dyno about to be started. */
export function toDynoRow(launch: Launch, now: string): DynoRow {
  return {
    id: randomUUID(),
    appId: launch.app.id,
    releaseId: launch.release.id,
    name: launch.name,
    type: launch.type,
    command: launch.command,
    size: launch.size,
    kind: launch.kind,
    state: 'starting',
    reason: null,
    restarts: launch.restarts ?? 0,
    address: null,
    isLeaving: false,
    isAttached: (launch.attach ?? null) !== null,
    expiresAt: launch.expiresAt ?? null,
    createdAt: now,
    updatedAt: now,
  }
}
