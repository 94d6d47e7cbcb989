import type { ConfigVars } from '../../contract/config-vars.ts'
import type { TerminalKind } from '../../contract/terminal.ts'
import { defaultDynoSize, dynoSizes, isDynoSize } from '../../core/dyno-size.ts'
import { addPlatformVars } from '../../core/platform-vars.ts'
import type { DynoSpec, InsideSpec } from '../../core/ports/dyno-runner.ts'
import type { SlugTree } from '../../core/ports/slug-store.ts'
import type { DynoRow } from '../../core/ports/store.ts'
import { Secret } from '../../core/secret.ts'
import type { Launch } from './launch.ts'

/** What the runner needs to start a dyno. */
export function renderSpec(parts: { row: DynoRow; launch: Launch; tree: SlugTree; configVars: ConfigVars }): DynoSpec {
  const { row, launch, tree } = parts
  const listens = row.kind === 'formation' && row.type === 'web'
  return { ...renderCommon(parts), tree, listens, terminal: launch.terminal ?? null }
}

/** What the runner needs to start a command inside a dyno. */
export function renderInsideSpec(parts: {
  row: DynoRow
  launch: Launch & { readonly insideOf: DynoRow; readonly terminal: TerminalKind }
  configVars: ConfigVars
}): InsideSpec {
  const { insideOf, terminal } = parts.launch
  return { ...renderCommon(parts), dynoId: insideOf.id, terminal }
}

function renderCommon({ row, launch, configVars }: { row: DynoRow; launch: Launch; configVars: ConfigVars }) {
  // Inside a dyno everything is that one's, its name too.
  const { app, release, extra = {}, insideOf: dyno = row } = launch
  return {
    id: row.id,
    app: { id: app.id, name: app.name },
    name: row.name,
    command: row.command,
    environment: new Secret(addPlatformVars({ app, release, configVars, dyno, extra })),
    limits: dynoSizes[isDynoSize(row.size) ? row.size : defaultDynoSize],
  }
}
