import type { DynoRunInside } from '../../contract/dynos/dyno.ts'
import { HearthError } from '../../contract/errors.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow, DynoRow, ReleaseRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import type { Context } from '../context.ts'
import { findDyno } from '../find.ts'
import { type AwaitingDyno, awaitClient } from './await-client.ts'
import { oneOffNumber } from './one-off-number.ts'
import { refuseTooManyOneOffs } from './refuse-too-many.ts'
import { terminalOf } from './run-dyno.ts'

/**
 * Runs a command inside a dyno, once its terminal is opened. It is a one-off dyno of its own, with limits of its own, that has
 * the other's files, network, config vars and name, and ends with it. One that is being started is waited for.
 */
export async function runInside(
  context: Context,
  { app, actor, dyno: named, request }: { app: AppRow; actor: Caller; dyno: DynoRow; request: DynoRunInside },
): Promise<AwaitingDyno> {
  const dyno = await whenUp(context, app, named)
  refuseTooManyOneOffs(context, app)
  const launch = {
    app,
    release: releaseOf(context, dyno),
    name: `run.${oneOffNumber(context, app.id)}`,
    type: 'run',
    command: request.command,
    size: dyno.size,
    kind: 'run',
    extra: request.env ?? {},
    isAttached: true,
    insideOf: dyno,
  } as const
  act(context, { app, actor }, logTexts.starting(request.command, dyno.name))
  return awaitClient(context, launch, { actor, otherwise: terminalOf(request) })
}

/** Only looks: how long a dyno may take to come up is for who starts it. */
async function whenUp(context: Context, app: AppRow, named: DynoRow): Promise<DynoRow> {
  const { store, events, clock, background, settings } = context
  const controller = new AbortController()
  const signal = AbortSignal.any([background.signal, controller.signal])
  const tired = clock.delay(settings.insideWaitMs, signal).then(
    () => findDyno(store, app, named.name),
    () => named,
  )
  try {
    // By its name: after a crash the start that follows is another row.
    const settled = events.until(() => unlessStarting(findDyno(store, app, named.name)), signal)
    const dyno = await Promise.race([settled, tired])
    if (dyno.state !== 'up') throw notUp(app, dyno)
    return dyno
  } finally {
    controller.abort()
  }
}

function unlessStarting(dyno: DynoRow): DynoRow | null {
  return dyno.state === 'starting' ? null : dyno
}

function notUp(app: AppRow, { name, state, reason }: DynoRow): HearthError {
  const advice = `Nothing runs inside of it until it is up; the log of ${app.name} says more.`
  return new HearthError('invalid_params', `${name} is ${state}${reason === null ? '' : `: it ${reason}`}. ${advice}`)
}

function releaseOf({ store }: Context, { releaseId, name }: DynoRow): ReleaseRow {
  const release = store.releases.byId(releaseId)
  if (!release) throw new HearthError('internal', `The release of ${name} is missing on this server.`)
  return release
}
