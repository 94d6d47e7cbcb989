import type { AppRow } from '../../core/ports/store.ts'
import type { Context } from '../context.ts'

/** The ordered list for the next build; empty means detection. */
export function setBuildpacks(context: Context, app: AppRow, buildpacks: readonly string[]): void {
  context.store.buildpacks.set(app.id, buildpacks)
  context.events.changed('buildpacks', app)
}
