import { HearthError } from '../contract/errors.ts'
import { logTexts } from '../core/logs/log-texts.ts'
import type { AppRow, BuildRow, DynoRow, ReleaseRow } from '../core/ports/store.ts'
import { collectSlugs } from './builds/collect-slugs.ts'
import { enqueueBuild } from './builds/create-build.ts'
import { deployBuild, endBuild, failBuild, tellBuild } from './builds/run-build.ts'
import type { Context } from './context.ts'
import { endInTime } from './dynos/end-in-time.ts'
import { reconcile } from './formation/reconcile.ts'
import { failRelease, finishRelease } from './releases/roll-out.ts'
import { servingRelease } from './runtime/routing/routes.ts'

/**
 * What the agent does first: finishes or undoes what the one before began, however it ended, takes up the dynos that
 * run, and starts those that should.
 */
export async function repair(context: Context): Promise<void> {
  const { store, runner, dynos, report } = context
  const rows = store.dynos.listAll()
  dynos.expect(rows)
  const running = await runner.open({
    onOutput: (id, bytes) => dynos.onOutput(id, bytes),
    onExit(exit) {
      try {
        dynos.onExit(exit)
      } catch (error) {
        // A full disk, most likely. The runner must not suffer from it.
        report('noting the end of a dyno failed', error)
      }
    },
  })
  settleReleases(context)
  const addresses = new Map(running.map(({ id, address }) => [id, address]))
  const crashed = rows.filter((row) => !addresses.has(row.id) && isToBeRetried(context, row))
  const leftOver = rows.filter((row) => {
    const address = addresses.get(row.id)
    if (address === undefined && !crashed.includes(row)) forgetGone(context, row)
    return address !== undefined && !takeUp(context, { ...row, address })
  })
  const known = new Set(rows.map(({ id }) => id))
  const orphans = running.filter(({ id }) => !known.has(id))
  for (const { id } of orphans) {
    runner.stop(id, context.settings.stopGraceMs).catch((error: unknown) => report('stopping an orphan failed', error))
  }
  await context.routes.open(context.clock.now())
  // At once, since a reboot or an upgrade may be what it needed; and with its back-off, or else it would have none.
  for (const row of crashed) dynos.retry(row)
  for (const app of store.apps.list()) reconcileInTurn(context, app)
  tellRouter(context)
  for (const row of leftOver) {
    // Requests reach it until the router has the table of now.
    context.background.run(`stopping ${row.name}, which was left over`, () => dynos.retire([row]))
  }
  // Before the first build: what one has made so far has no row, and would be taken.
  collectSlugs(context)
  settleBuilds(context)
  settleSetups(context)
}

/** What an agent was doing with an app.json ended with it; the app is there as far as it came. */
function settleSetups({ store, clock }: Context): void {
  const failureMessage = 'The agent stopped while the app was being set up. What there is of it can be deployed again.'
  for (const { id } of store.appSetups.pending()) {
    store.appSetups.update(id, { status: 'failed', failureMessage, updatedAt: new Date(clock.now()).toISOString() })
  }
}

/** A release whose switch was written down is finished; one before that is given up, and the old one keeps serving. */
function settleReleases(context: Context): void {
  for (const release of context.store.releases.pending()) {
    const app = context.store.apps.byId(release.appId)
    if (!app) continue
    if (release.switchedAt !== null) finishRelease(context, app, release)
    else failRelease(context, app, release, interrupted(release))
    // Whoever follows the build that made it learns the end there.
    const build = context.store.builds.list(app.id).find(({ releaseId }) => releaseId === release.id)
    if (!build) continue
    context.outputs.resume(build.outputId)
    tellBuild(context, { app, build, release: context.store.releases.byId(release.id) ?? release })
  }
}

function interrupted(release: ReleaseRow): string {
  return `The agent stopped while v${release.version} was being started; the release before it keeps serving.`
}

/** A dyno of the formation that had crashed, and waited to be started again. */
function isToBeRetried({ store }: Context, { appId, kind, state, isLeaving, releaseId }: DynoRow): boolean {
  return kind === 'formation' && state === 'crashed' && !isLeaving && releaseId === servingRelease(store, appId)?.id
}

/** The row of a dyno whose process is gone; reconciling starts another if there should be one. */
function forgetGone(context: Context, row: DynoRow): void {
  const { store, dynos } = context
  dynos.dismiss(row.id)
  // It has none, and is there for whoever asks for its app.
  if (row.state === 'idle' && !row.isLeaving) return
  store.dynos.remove(row.id)
}

/** False for one that runs and is to go. */
function takeUp(context: Context, row: DynoRow): boolean {
  const { store, dynos } = context
  // What ended while the runner opened has been recorded already.
  const now = store.dynos.byId(row.id)
  if (now === null || (now.state !== row.state && now.state === 'crashed')) return true
  const stays = shouldStay(context, row)
  store.dynos.update(row.id, { address: row.address, isLeaving: !stays })
  if (!stays) return false
  dynos.adopt(row)
  endInTime(context, row)
  return true
}

/**
 * Formation dynos of the release that serves stay, and one-off dynos that write to the log. One-off dynos with a
 * terminal have lost it, and release phases their release. A crashed dyno with a process was on its way out.
 */
function shouldStay(context: Context, row: DynoRow): boolean {
  if (row.isLeaving) return false
  if (row.kind === 'run') return !row.isAttached
  if (row.kind === 'release' || row.state === 'crashed') return false
  return row.releaseId === servingRelease(context.store, row.appId)?.id
}

function reconcileInTurn(context: Context, app: AppRow): void {
  context.background.run(`reconciling ${app.name}`, () =>
    context.turns.take(app.id, (signal) => reconcile(context, app, 'reconcile', signal)),
  )
}

function tellRouter(context: Context): void {
  context.background.run('telling the router', () => context.routes.apply())
}

/** Sources outlive the agent, so builds that waited are queued again; the sandbox of one that ran is gone. */
function settleBuilds(context: Context): void {
  for (const build of context.store.builds.pending()) {
    const app = context.store.apps.byId(build.appId)
    if (!app) continue
    context.outputs.resume(build.outputId)
    if (build.slugId !== null) resumeDeploy(context, { app, build, slugId: build.slugId })
    else if (build.isRunning) interruptBuild(context, { app, build })
    else enqueueBuild(context, build)
  }
}

function interruptBuild(context: Context, { app, build }: { app: AppRow; build: BuildRow }): void {
  context.logs.writeLine(app.id, 'api', logTexts.buildInterrupted)
  const reason = 'The agent stopped during this build. Its source is kept: deploy again, nothing has to be sent anew.'
  failBuild(context, { app, build }, new HearthError('gone', reason))
}

/** The build had made its slug: what is left is to release it, or to note that this has happened. */
function resumeDeploy(
  context: Context,
  { app, build, slugId }: { app: AppRow; build: BuildRow; slugId: string },
): void {
  const { store, background } = context
  const slug = store.slugs.byId(slugId)
  const release = store.releases.list(app.id).findLast((row) => row.slugId === slugId)
  if (release) endBuild(context, { app, build, release })
  else if (slug) background.run(`deploying ${app.name}`, () => deployBuild(context, { app, build, slug }))
  else interruptBuild(context, { app, build })
}
