import type { DynoCreate } from '../../contract/dynos/dyno.ts'
import { maximumSize, type TerminalKind } from '../../contract/dynos/terminal.ts'
import { HearthError } from '../../contract/errors.ts'
import { defaultDynoSize } from '../../core/dynos/dyno-size.ts'
import { resolveSize } from '../../core/dynos/formation.ts'
import { expandProcessType } from '../../core/dynos/one-off-command.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import type { Context } from '../context.ts'
import { settledRelease } from '../releases/settled-release.ts'
import { awaitClient } from './await-client.ts'
import { endInTime } from './end-in-time.ts'
import { oneOffNumber } from './one-off-number.ts'
import { refuseTooManyOneOffs } from './refuse-too-many.ts'

export interface CreatedDyno {
  readonly row: DynoRow
  /** Opens its terminal; null when it writes to the log. */
  readonly secret: string | null
}

/** A one-off dyno of the release that serves: starts at once and writes to the log, or waits for its terminal. */
export async function runDyno(
  context: Context,
  { app, actor, request }: { app: AppRow; actor: Caller; request: DynoCreate },
): Promise<CreatedDyno> {
  const { dynos, clock, store } = context
  const size = request.size === undefined ? defaultDynoSize : resolveSize(request.size)
  const release = await settledRelease(context, app)
  const slug = release?.slugId ? store.slugs.byId(release.slugId) : null
  if (!release || !slug) {
    throw new HearthError('invalid_params', `${app.name} has no code to run yet; deploy it first.`)
  }
  refuseTooManyOneOffs(context, app)
  const type = request.type ?? 'run'
  const seconds = request.time_to_live
  const launch = {
    app,
    release,
    name: `${type}.${oneOffNumber(context, app.id)}`,
    type,
    command: expandProcessType(request.command, type, slug),
    size,
    kind: 'run',
    extra: request.env ?? {},
    isAttached: request.attach === true,
    expiresAt: seconds === undefined ? null : new Date(clock.now() + seconds * 1000).toISOString(),
  } as const
  act(context, { app, actor }, logTexts.starting(request.command))
  if (request.attach) return awaitClient(context, launch, { actor, otherwise: terminalOf(request) })
  const { row } = await dynos.start(launch)
  dynos.change(row.id, { kind: 'ready' })
  endInTime(context, row)
  return { row: store.dynos.byId(row.id) ?? row, secret: null }
}

/** What the terminal is where who opens it does not say. */
export function terminalOf({ force_no_tty, env = {} }: Pick<DynoCreate, 'force_no_tty' | 'env'>): TerminalKind {
  if (force_no_tty) return { kind: 'pipes', areErrorsApart: false }
  return { kind: 'pty', columns: toSize(env.COLUMNS, 80), rows: toSize(env.LINES, 24) }
}

function toSize(text: string | undefined, otherwise: number): number {
  const size = Number(text)
  return Number.isInteger(size) && size >= 1 && size <= maximumSize ? size : otherwise
}
