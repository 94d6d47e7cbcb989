import { HearthError } from '../../contract/errors.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { AppRow, DynoRow, ReleaseRow, SlugRow } from '../../core/ports/store.ts'
import { collectSlugs } from '../builds/collect-slugs.ts'
import { type Context, timestamp } from '../context.ts'
import { startsFirst } from '../dynos/replace-dynos.ts'
import { desiredDynos } from '../formation/desired-dynos.ts'
import { ensureFormation } from '../formation/ensure-formation.ts'
import { reconcile } from '../formation/reconcile.ts'
import { notUp } from '../runtime/dynos/dyno-boots.ts'
import type { Trial } from '../runtime/dynos/dyno-supervisor.ts'
import { explain, openSteps, type RunStep } from '../runtime/steps.ts'
import { runReleasePhase } from './run-release-phase.ts'

export interface RollOut {
  readonly app: AppRow
  readonly release: ReleaseRow
  /** `deploy`, `rollback`, ... for whoever follows. */
  readonly verb: string
}

/**
 * Takes a pending release into service, and returns it as it ended. Any failure before the switch stops the new
 * dynos and marks the release failed; the old one has not been touched and keeps serving.
 *
 * The release succeeds with the switch, not after the old dynos have gone: from the switch on it serves everything,
 * and old dynos may take a minute to finish their requests.
 *
 * Of an app that wants its old dynos to stop first they are gone before; a failure brings them back.
 */
export async function rollOut(context: Context, { app, release, verb }: RollOut, signal: AbortSignal) {
  const step = openSteps(context.events, app, verb)
  const slug = release.slugId ? context.store.slugs.byId(release.slugId) : null
  const isPreboot = startsFirst(context, app)
  try {
    if (slug && release.outputId) {
      await step('run the release phase', () => runReleasePhase(context, { app, release, slug }, signal))
      context.logs.writeLine(app.id, 'api', logTexts.act(logTexts.releaseCreated(release.version), release.user))
    }
    if (!isPreboot) await retireOld(context, { app, release, step })
    const trials = await step('start the new dynos', async () => startNew(context, { app, release, slug }))
    await step('wait until they are up', () => context.dynos.bringUp(trials, signal))
    await step('switch the router', () => switchOver(context, release, trials))
  } catch (error) {
    // Closing agents leave things as they are: the next one repairs, just as after a crash.
    if (context.background.signal.aborted) throw error
    await abandon(context, { app, release, error })
    if (!isPreboot) await reconcile(context, app, 'reconcile', context.background.signal)
    return endedRelease(context, release)
  }
  finishRelease(context, app, release)
  context.background.run(`stopping the old dynos of ${app.name}`, async () => {
    await retireOld(context, { app, release, step })
    // Not before: until they have gone they run on their slug.
    collectSlugs(context)
  })
  return endedRelease(context, release)
}

/** Marks a release as serving; its dynos are restarted from now on when they crash. */
export function finishRelease(context: Context, app: AppRow, release: ReleaseRow): void {
  context.store.transaction(() => {
    context.store.releases.update(release.id, { status: 'succeeded', updatedAt: timestamp(context) })
    ensureFormation(context, release)
  })
  context.dynos.accept(dynosOf(context, release).map(({ id }) => id))
  for (const topic of ['releases', 'formation', 'apps'] as const) context.events.changed(topic, app)
}

/** Marks a release as failed, with a sentence that says why. */
export function failRelease(context: Context, app: AppRow, release: ReleaseRow, reason: string): void {
  context.store.releases.update(release.id, { status: 'failed', reason, updatedAt: timestamp(context) })
  context.logs.writeLine(app.id, 'api', logTexts.releaseFailed(release.version, reason))
  if (release.outputId) context.outputs.finish(release.outputId)
  context.events.changed('releases', app)
}

/** They are to be seen from now on, and come up in turn with those of other apps. */
function startNew(
  context: Context,
  { app, release, slug }: { app: AppRow; release: ReleaseRow; slug: SlugRow | null },
): Trial[] {
  const desired = desiredDynos(context, release, slug)
  return context.dynos.putOnTrial(desired.map((dyno) => ({ ...dyno, app, release, kind: 'formation' })))
}

async function switchOver(context: Context, release: ReleaseRow, trials: readonly Trial[]): Promise<void> {
  for (const { row } of trials) {
    const now = context.store.dynos.byId(row.id)
    if (now?.state !== 'up' || now.isLeaving) throw notUp(row.name, now?.reason ?? null)
  }
  // Written before the router is told: an agent that dies in between finishes the switch when it comes back.
  context.store.releases.update(release.id, { switchedAt: timestamp(context), updatedAt: timestamp(context) })
  await context.routes.apply(release.appId)
}

async function retireOld(
  context: Context,
  { app, release, step }: { app: AppRow; release: ReleaseRow; step: RunStep },
) {
  const old = context.store.dynos.list(app.id).filter((dyno) => {
    return dyno.kind === 'formation' && dyno.releaseId !== release.id
  })
  if (old.length > 0) await step('drain and stop the old dynos', () => context.dynos.retire(old))
}

async function abandon(
  context: Context,
  { app, release, error }: { app: AppRow; release: ReleaseRow; error: unknown },
): Promise<void> {
  if (!(error instanceof HearthError)) context.report(`releasing v${release.version} of ${app.name} failed`, error)
  try {
    const wasSwitched = context.store.releases.byId(release.id)?.switchedAt !== null
    context.store.releases.update(release.id, { switchedAt: null })
    failRelease(context, app, release, explain(error))
    if (wasSwitched) await context.routes.apply(app.id)
  } catch (cause) {
    // The new dynos go all the same; the next start of the agent makes good what could not be written.
    context.report(`giving up v${release.version} of ${app.name} failed`, cause)
  }
  await Promise.all(dynosOf(context, release).map(({ id }) => context.dynos.stop(id)))
}

function dynosOf(context: Context, release: ReleaseRow): DynoRow[] {
  return context.store.dynos.list(release.appId).filter(({ kind, releaseId }) => {
    return kind !== 'run' && releaseId === release.id
  })
}

function endedRelease(context: Context, release: ReleaseRow): ReleaseRow {
  return context.store.releases.byId(release.id) ?? release
}
