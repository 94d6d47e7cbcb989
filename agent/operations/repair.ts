import { HearthError } from '../contract/errors.ts'
import type { AppRow, DynoRow, ReleaseRow } from '../core/ports/store.ts'
import type { Context } from './context.ts'
import { enqueueBuild } from './create-build.ts'
import { reconcile } from './reconcile.ts'
import { failRelease, finishRelease } from './roll-out.ts'
import { failBuild } from './run-build.ts'
import { endInTime } from './run-dyno.ts'
import { servingRelease } from './runtime/routes.ts'

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
  for (const row of rows) {
    const address = addresses.get(row.id)
    if (address === undefined) forgetGone(context, row)
    else takeUp(context, { ...row, address })
  }
  const known = new Set(rows.map(({ id }) => id))
  const orphans = running.filter(({ id }) => !known.has(id))
  for (const { id } of orphans) {
    runner.stop(id, context.settings.stopGraceMs).catch((error: unknown) => report('stopping an orphan failed', error))
  }
  await context.routes.open(context.clock.now())
  for (const app of store.apps.list()) reconcileInTurn(context, app)
  tellRouter(context)
  settleBuilds(context)
}

/** A release whose switch was written down is finished; one before that is given up, and the old one keeps serving. */
function settleReleases(context: Context): void {
  for (const release of context.store.releases.pending()) {
    const app = context.store.apps.byId(release.appId)
    if (!app) continue
    if (release.switchedAt !== null) finishRelease(context, app, release)
    else failRelease(context, app, release, interrupted(release))
  }
}

function interrupted(release: ReleaseRow): string {
  return `The agent stopped while v${release.version} was being started; the release before it keeps serving.`
}

/** The row of a dyno whose process is gone; reconciling starts another if there should be one. */
function forgetGone(context: Context, row: DynoRow): void {
  const { store, dynos } = context
  dynos.dismiss(row.id)
  if (row.state === 'down' && row.releaseId === servingRelease(store, row.appId)?.id) return
  store.dynos.remove(row.id)
}

function takeUp(context: Context, row: DynoRow): void {
  const { store, dynos, background } = context
  // What ended while the runner opened has been recorded already.
  const now = store.dynos.byId(row.id)
  if (now === null || (now.state !== row.state && now.state === 'crashed')) return
  store.dynos.update(row.id, { address: row.address })
  if (shouldStay(context, row)) {
    dynos.adopt(row)
    endInTime(context, row)
    return
  }
  store.dynos.update(row.id, { isLeaving: true })
  background.run(`stopping ${row.name}, which was left over`, () => dynos.stop(row.id))
}

/**
 * Formation dynos of the release that serves stay, and one-off dynos that write to the log. One-off dynos with a
 * terminal have lost it, and release phases their release. A crashed or downed dyno with a process was on its way out.
 */
function shouldStay(context: Context, row: DynoRow): boolean {
  if (row.isLeaving) return false
  if (row.kind === 'run') return !row.isAttached
  if (row.kind === 'release' || row.state === 'crashed' || row.state === 'down') return false
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
    if (build.isRunning) {
      failBuild(
        context,
        { app, build },
        new HearthError('gone', 'The agent stopped during this build; start it again.'),
      )
    } else enqueueBuild(context, build)
  }
}
