import { defaultDeployBranches, planPush } from '../../core/git/push.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { IncomingPush } from '../../core/ports/git-repositories.ts'
import type { AppRow, BuildRow, Store } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import { createBuild } from '../builds/create-build.ts'
import { type Context, timestamp } from '../context.ts'
import { findApp } from '../find.ts'
import { servingRelease } from '../runtime/routing/routes.ts'

interface Push {
  readonly app: AppRow
  readonly actor: Caller
  readonly push: IncomingPush
}

/**
 * Decides a push in git's pre-receive hook. One to a deploy branch is built and released first: the branch moves only
 * when the release serves, so a push that fails can be mended and pushed again. It goes on when its client is gone.
 */
export async function receivePush(
  context: Context,
  { appId, actor, push }: { appId: string; actor: Caller; push: IncomingPush },
): Promise<boolean> {
  const { store, pushes } = context
  const app = findApp(store, appId)
  const plan = planPush(push.updates, deployBranchesOf(store, appId))
  if (plan.kind === 'refuse') return refuse(push, plan.reason)
  for (const note of plan.notes) await push.write(`-----> ${note}\n`)
  if (plan.kind === 'keep') {
    notePush(context, appId)
    return true
  }
  const other = pushes.running(appId)
  if (other)
    return refuse(
      push,
      `Another push to ${app.name}, by ${other.actor.email}, is being built. Push again when it is done.`,
    )
  act(context, { app, actor }, `Push to ${plan.branch} (${plan.commit.slice(0, 8)})`)
  const isReleased = await pushes.run(appId, actor, () => deployPush(context, { app, actor, push }, plan.commit))
  if (isReleased) notePush(context, appId)
  return isReleased
}

/** The branches that are built when they are pushed. */
export function deployBranchesOf(store: Store, appId: string): readonly string[] {
  const chosen = store.repositories.get(appId)?.deployBranch ?? null
  return chosen === null ? defaultDeployBranches : [chosen]
}

async function deployPush(context: Context, { app, actor, push }: Push, commit: string): Promise<boolean> {
  const { git, outputs, background, store } = context
  const { subject } = await git.describeCommit(app.id, commit)
  const source_blob = { url: `git:${commit}`, version: commit, version_description: subject }
  const build = createBuild(context, { app, actor, request: { source_blob } })
  await push.write('Building source:\n\n')
  for await (const text of outputs.read(build.outputId, background.signal)) await push.write(text)
  const ended = store.builds.byId(build.id)
  if (isServing(context, ended)) {
    await push.write('\nVerifying deploy... done.\n')
    return true
  }
  const why = background.signal.aborted ? `The agent of this server is stopping. Push again in a moment.` : null
  return refuse(push, why ?? `Push rejected to ${app.name}: ${describeServing(context, app)}`)
}

function isServing({ store }: Context, build: BuildRow | null): boolean {
  const release = build?.releaseId ? store.releases.byId(build.releaseId) : null
  return release?.status === 'succeeded'
}

function describeServing({ store }: Context, app: AppRow): string {
  const release = servingRelease(store, app.id)
  return release?.slugId ? `v${release.version} keeps serving.` : 'nothing of it runs.'
}

function notePush(context: Context, appId: string): void {
  if (context.store.apps.byId(appId)) context.store.repositories.put(appId, { pushedAt: timestamp(context) })
}

async function refuse(push: IncomingPush, reason: string): Promise<false> {
  await push.write(`\n !     ${reason}\n`)
  return false
}
