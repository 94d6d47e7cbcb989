import type { ConfigVars } from '../../../contract/apps/config-vars.ts'
import type { TerminalKind } from '../../../contract/dynos/terminal.ts'
import { addPlatformVars } from '../../../core/apps/platform-vars.ts'
import { limitsOf } from '../../../core/dynos/dyno-size.ts'
import type { ImageRuntime, SlugTree } from '../../../core/ports/builds/slug-store.ts'
import type { DynoSpec, InsideSpec } from '../../../core/ports/dynos/dyno-runner.ts'
import type { DynoRow } from '../../../core/ports/store.ts'
import { Secret } from '../../../core/secret.ts'
import type { Launch } from './launch.ts'

export interface SpecParts {
  readonly row: DynoRow
  readonly launch: Launch
  /** What it runs, which is not how people write it where an image has a launcher. */
  readonly command: string
  readonly configVars: ConfigVars
  /** How often its size's memory a dyno may use before it is ended. */
  readonly memoryMultiple: number
  readonly defaultHostname: string
}

/** What the runner needs to start a dyno. */
export function renderSpec(
  parts: SpecParts & { tree: SlugTree; usesPodman: boolean; image: ImageRuntime | null },
): DynoSpec {
  const { row, launch, tree, usesPodman, image } = parts
  const listens = row.kind === 'formation' && row.type === 'web'
  return {
    ...renderCommon(parts),
    tree,
    listens,
    usesPodman,
    terminal: launch.terminal ?? null,
    ...(image && { image }),
  }
}

/** What the runner needs to start a command inside a dyno. */
export function renderInsideSpec(
  parts: SpecParts & { launch: { readonly insideOf: DynoRow; readonly terminal: TerminalKind } },
): InsideSpec {
  const { insideOf, terminal } = parts.launch
  return { ...renderCommon(parts), dynoId: insideOf.id, terminal }
}

function renderCommon({ row, launch, command, configVars, memoryMultiple, defaultHostname }: SpecParts) {
  // Inside a dyno everything is that one's, its name too.
  const { app, release, extra = {}, insideOf: dyno = row } = launch
  const limits = limitsOf(row.size)
  return {
    id: row.id,
    app: { id: app.id, name: app.name },
    name: row.name,
    command,
    environment: new Secret(
      addPlatformVars({ app, release, configVars, dyno, extra, memoryBytes: limits.memoryBytes, defaultHostname }),
    ),
    limits: { ...limits, memoryMaximumBytes: Math.ceil(limits.memoryBytes * memoryMultiple) },
  }
}
