import type { Dyno, DynoStatus } from '../../contract/dynos/dyno.ts'
import type { DynoSettings } from '../../contract/dynos/dyno-settings.ts'
import { dynoSizes, isDynoSize } from '../../core/dynos/dyno-size.ts'
import { describeRestarts } from '../../core/dynos/dyno-state.ts'
import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'
import type { CreatedDyno } from '../dynos/run-dyno.ts'

/** For whoever has just created it, and only for them, with the way to its terminal: to know it is to be allowed to. */
export function createdDynoResource(context: Context, app: AppRow, { row, secret }: CreatedDyno): Dyno {
  return { ...dynoResource(context, app, row), attach_url: secret === null ? null : `/attach/${secret}` }
}

export function dynoResource({ store }: Context, app: AppRow, row: DynoRow): Dyno {
  return {
    attach_url: null,
    command: row.command,
    created_at: row.createdAt,
    id: row.id,
    name: row.name,
    release: { id: row.releaseId, version: store.releases.byId(row.releaseId)?.version ?? 0 },
    app: { id: app.id, name: app.name },
    size: row.size,
    state: row.state,
    type: row.type,
    updated_at: row.updatedAt,
  }
}

export async function dynoStatus({ runner }: Context, row: DynoRow): Promise<DynoStatus> {
  const runs = row.state === 'up' || row.state === 'starting'
  const usage = runs ? await runner.usage(row.id) : null
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    reason: row.reason ?? describeRestarts(row.restarts, row.lastCrash),
    restarts: row.restarts,
    memory_bytes: usage?.memoryBytes ?? null,
    memory_limit_bytes: isDynoSize(row.size) ? dynoSizes[row.size].memoryBytes : null,
    cpu_seconds: usage?.cpuSeconds ?? null,
    since: row.updatedAt,
  }
}

export function dynoSettingsResource({ preboot, sleepAfterSeconds, podman }: AppRow): DynoSettings {
  return { preboot, sleep_after_seconds: sleepAfterSeconds, podman }
}
