import type { DynoCreate } from '../../contract/dyno.ts'
import { HearthError } from '../../contract/errors.ts'
import { defaultDynoSize } from '../../core/dyno-size.ts'
import { resolveSize } from '../../core/formation.ts'
import { logTexts } from '../../core/log-texts.ts'
import type { DynoSpec } from '../../core/ports/dyno-runner.ts'
import type { Actor, AppRow, DynoRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import type { Context } from '../context.ts'
import { servingRelease } from '../runtime/routes.ts'
import { oneOffNumber } from './one-off-number.ts'

/** Starts a one-off dyno of the release that serves, with a terminal or with its output in the log. */
export async function runDyno(
  context: Context,
  { app, actor, request }: { app: AppRow; actor: Actor; request: DynoCreate },
): Promise<DynoRow> {
  const { dynos, runner, terminals, clock, background } = context
  const release = servingRelease(context.store, app.id)
  if (!release?.slugId) {
    throw new HearthError('invalid_params', `${app.name} has no code to run yet; deploy it first.`)
  }
  const type = request.type ?? 'run'
  const attach = request.attach ? toAttach(request) : null
  const seconds = request.time_to_live
  act(context, { app, actor }, logTexts.starting(request.command))
  const { row, exit } = await dynos.start(
    {
      app,
      release,
      name: `${type}.${oneOffNumber(context, app.id)}`,
      type,
      command: request.command,
      size: request.size === undefined ? defaultDynoSize : resolveSize(request.size),
      kind: 'run',
      attach,
      extra: request.env ?? {},
      expiresAt: seconds === undefined ? null : new Date(clock.now() + seconds * 1000).toISOString(),
    },
    true,
  )
  dynos.change(row.id, { kind: 'ready' })
  if (attach) {
    terminals.create(row.id, runner.attach(row.id), exit)
    background.run(`waiting for a terminal for ${row.name}`, () => stopUnattached(context, row))
  }
  endInTime(context, row)
  return context.store.dynos.byId(row.id) ?? row
}

/** Stops a one-off dyno when its time is over; also taken up again for those that outlived the agent. */
export function endInTime(context: Context, row: DynoRow): void {
  const { background, clock, dynos } = context
  const { expiresAt } = row
  if (expiresAt === null || !context.store.dynos.byId(row.id)) return
  background.run(`ending ${row.name} in time`, async () => {
    const controller = new AbortController()
    const signal = AbortSignal.any([background.signal, controller.signal])
    const over = clock.delay(Math.max(0, Date.parse(expiresAt) - clock.now()), signal).then(
      () => dynos.stop(row.id),
      () => undefined,
    )
    await Promise.race([over, dynos.exit(row.id)])
    controller.abort()
    await over
  })
}

async function stopUnattached(context: Context, row: DynoRow): Promise<void> {
  const { clock, settings, terminals, dynos, background } = context
  await clock.delay(settings.attachMs, background.signal)
  if (terminals.forgetUntaken(row.id)) await dynos.stop(row.id)
}

function toAttach({ force_no_tty, env = {} }: DynoCreate): DynoSpec['attach'] {
  if (force_no_tty) return 'pipes'
  return { columns: toSize(env.COLUMNS, 80), rows: toSize(env.LINES, 24) }
}

function toSize(text: string | undefined, otherwise: number): number {
  const size = Number(text)
  return Number.isInteger(size) && size >= 1 && size <= 1000 ? size : otherwise
}
