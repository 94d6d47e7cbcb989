import type { ConfigVars } from '../../contract/config-vars.ts'
import { defaultDynoSize, dynoSizes, isDynoSize } from '../../core/dyno-size.ts'
import { addPlatformVars } from '../../core/platform-vars.ts'
import type { DynoSpec } from '../../core/ports/dyno-runner.ts'
import type { SlugTree } from '../../core/ports/slug-store.ts'
import type { DynoRow } from '../../core/ports/store.ts'
import { Secret } from '../../core/secret.ts'
import type { Launch } from './launch.ts'

/** What the runner needs to start a dyno. */
export function renderSpec(parts: { row: DynoRow; launch: Launch; tree: SlugTree; configVars: ConfigVars }): DynoSpec {
  const { row, launch, tree, configVars } = parts
  const { app, release, extra = {} } = launch
  return {
    id: row.id,
    app: { id: app.id, name: app.name },
    name: row.name,
    tree,
    command: row.command,
    environment: new Secret(addPlatformVars({ app, release, configVars, dyno: row, extra })),
    limits: dynoSizes[isDynoSize(row.size) ? row.size : defaultDynoSize],
    listens: row.kind === 'formation' && row.type === 'web',
    attach: launch.attach ?? null,
  }
}
