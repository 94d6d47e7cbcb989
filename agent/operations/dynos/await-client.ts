import { randomBytes } from 'node:crypto'
import type { TerminalKind } from '../../contract/dynos/terminal.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow, DynoRow } from '../../core/ports/store.ts'
import { requireAppRole } from '../access/authorize.ts'
import type { Context } from '../context.ts'
import type { Launch } from '../runtime/dynos/launch.ts'
import type { OpenedTerminal } from '../runtime/dynos/terminals.ts'
import { endInTime } from './end-in-time.ts'

/** A dyno that is started when its terminal is opened. */
export interface AwaitingDyno {
  readonly row: DynoRow
  /** Opens the terminal, once. */
  readonly secret: string
}

/**
 * Writes the row of a one-off dyno, and waits a while for somebody to open its terminal: only then is known what its standard
 * streams are, and nothing that it writes has to be kept until somebody reads it. `otherwise` is for who does not say.
 */
export function awaitClient(
  context: Context,
  launch: Launch,
  { actor, otherwise }: { actor: Caller; otherwise: TerminalKind },
): AwaitingDyno {
  const { dynos, terminals, logs, background, clock, settings } = context
  const row = dynos.reserve(launch)
  const secret = randomBytes(24).toString('base64url')
  logs.writeLine(row.appId, row.name, logTexts.awaitingClient)
  terminals.expect({
    dynoId: row.id,
    secret,
    async open(kind) {
      refuseReduced(context, row, { actor, app: launch.app })
      return begin(context, row, { ...launch, terminal: kind ?? otherwise })
    },
  })
  background.run(`waiting for the client of ${row.name}`, async () => {
    await clock.delay(settings.attachMs, background.signal)
    if (!terminals.giveUp(row.id) || !dynos.isReserved(row)) return
    logs.writeLine(row.appId, row.name, logTexts.attachTimeout)
    dynos.cancel(row)
  })
  return { row, secret }
}

/** Whoever was given the secret may have lost the role since, and still have an SSH connection to come by. */
function refuseReduced(context: Context, row: DynoRow, { actor, app }: { actor: Caller; app: AppRow }): void {
  context.people.refresh()
  try {
    requireAppRole(context, actor, app, 'operate')
  } catch (error) {
    context.dynos.cancel(row)
    throw error
  }
}

async function begin(context: Context, row: DynoRow, launch: Launch): Promise<OpenedTerminal> {
  const { dynos } = context
  const { terminal, exit } = await dynos.begin(row, launch)
  if (terminal === null) throw new TypeError(`The runner gave ${row.name} no terminal.`)
  dynos.change(row.id, { kind: 'ready' })
  endInTime(context, row)
  return { terminal, exit }
}
