import { randomUUID } from 'node:crypto'
import type { TerminalKind } from '../../../contract/dynos/terminal.ts'
import type { DesiredDyno } from '../../../core/dynos/plan.ts'
import type { DynoExit, DynoTerminal } from '../../../core/ports/dynos/dyno-runner.ts'
import type { AppRow, DynoRow, ReleaseRow } from '../../../core/ports/store.ts'

/** One start of a dyno. */
export interface Launch extends Omit<DesiredDyno, 'releaseId'> {
  readonly app: AppRow
  readonly release: ReleaseRow
  readonly kind: DynoRow['kind']
  /** Starts before this one that crashed. */
  readonly restarts?: number
  /** Why the last of them did. */
  readonly lastCrash?: string | null
  readonly isAttached?: boolean
  /** Of an attached dyno, once it is known. */
  readonly terminal?: TerminalKind
  /** The dyno of whose file system and network it is to be; its release and environment are this one's then. */
  readonly insideOf?: DynoRow
  /** Added to the config vars. */
  readonly extra?: Readonly<Record<string, string>>
  readonly expiresAt?: string | null
  /** Gets what it prints, besides the log. */
  readonly follow?: (text: string) => void
}

/** A dyno's process. */
export interface StartedProcess {
  readonly terminal: DynoTerminal | null
  readonly exit: Promise<DynoExit>
}

/** The row of a dyno about to be started. */
export function toDynoRow(launch: Launch, { now, uptimeMs }: { now: string; uptimeMs: number }): DynoRow {
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
    lastCrash: launch.lastCrash ?? null,
    address: null,
    isLeaving: false,
    isAttached: launch.isAttached ?? false,
    expiresAt: launch.expiresAt ?? null,
    startedUptimeMs: uptimeMs,
    createdAt: now,
    updatedAt: now,
  }
}
