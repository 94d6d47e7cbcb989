import { randomBytes } from 'node:crypto'
import type { AppSetupCreate } from '../../contract/apps/app-setup.ts'
import { HearthError } from '../../contract/errors.ts'
import { type AppPlan, planApp } from '../../core/apps/app-manifest.ts'
import { herokuStackName } from '../../core/builds/stack-name.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow, AppSetupRow, BuildRow } from '../../core/ports/store.ts'
import { requireStack } from '../apps/require-own.ts'
import { setConfigVars } from '../apps/set-config-vars.ts'
import { updateApp } from '../apps/update-app.ts'
import { createBuild } from '../builds/create-build.ts'
import { setBuildpacks } from '../builds/set-buildpacks.ts'
import { type Context, timestamp } from '../context.ts'
import { explain } from '../runtime/steps.ts'
import { prepareFormation } from './prepare-formation.ts'
import { runPostdeploy } from './run-postdeploy.ts'

interface Setup {
  readonly setupId: string
  readonly app: AppRow
  readonly actor: Caller
  readonly request: AppSetupCreate
}

/** From a source to an app that serves: each step leaves what it made, so that a failure can be looked at and mended. */
export async function runAppSetup(context: Context, setup: Setup): Promise<void> {
  const { background, report } = context
  try {
    const { sourceUrl, plan } = await readPlan(context, setup)
    if (plan.errors.length > 0) {
      note(context, setup, { manifestErrors: plan.errors })
      throw new HearthError('invalid_params', plan.errors.join(' '))
    }
    await buildApp(context, { ...setup, app: await prepareApp(context, setup, plan) }, sourceUrl)
    if (plan.postdeploy !== null) {
      const postdeploy = await runPostdeploy(context, setup, plan.postdeploy)
      note(context, setup, { postdeploy })
      if (postdeploy.exitCode !== 0) {
        throw new HearthError('unavailable', `The postdeploy command ended with status ${postdeploy.exitCode}.`)
      }
    }
    note(context, setup, { status: 'succeeded' })
  } catch (error) {
    // The next agent says that it was interrupted.
    if (background.signal.aborted) return
    if (!(error instanceof HearthError)) report(`setting up ${setup.app.name} failed`, error)
    note(context, setup, { status: 'failed', failureMessage: explain(error) })
  }
}

async function readPlan(context: Context, { request }: Setup): Promise<{ sourceUrl: string; plan: AppPlan }> {
  const { builder, background } = context
  const source = await builder.takeSource(request.source_blob.url, background.signal)
  const plan = planApp(source, { ...request.overrides, stack: request.app?.stack }, () =>
    randomBytes(32).toString('hex'),
  )
  return { sourceUrl: source.url, plan }
}

/** The app as it is to be built. */
async function prepareApp(context: Context, { setupId, app, actor }: Setup, plan: AppPlan): Promise<AppRow> {
  const { configVars, buildpacks, formation, successUrl } = plan
  const stack = findWantedStack(context, plan)
  context.store.appSetups.update(setupId, { successUrl, updatedAt: timestamp(context) })
  if (buildpacks.length > 0) setBuildpacks(context, app, buildpacks)
  prepareFormation(context, app, formation)
  await setConfigVars(context, { app, actor, update: configVars })
  return stack === undefined ? app : await updateApp(context, { app, actor, request: { build_stack: stack } })
}

/** One of Heroku's that nothing here stands for is what most sources were written on, and no reason not to build them. */
function findWantedStack(context: Context, { stack }: AppPlan): string | undefined {
  if (stack === null) return undefined
  const isThere = context.machine.facts.stacks.some(({ name }) => [name, herokuStackName(name)].includes(stack))
  return isThere || !/^heroku-\d+$/.test(stack) ? requireStack(context, stack).name : undefined
}

/** Resolves when what was built serves. */
async function buildApp(context: Context, { setupId, app, actor, request }: Setup, sourceUrl: string): Promise<void> {
  const { store, outputs, background } = context
  const { checksum, version, version_description } = request.source_blob
  const source_blob = { url: sourceUrl, checksum, version, version_description }
  const build = createBuild(context, { app, actor, request: { source_blob } })
  store.appSetups.update(setupId, { buildId: build.id, updatedAt: timestamp(context) })
  for await (const _ of outputs.read(build.outputId, background.signal));
  background.signal.throwIfAborted()
  requireServing(context, store.builds.byId(build.id))
}

function requireServing({ store }: Context, build: BuildRow | null): void {
  const release = build?.releaseId ? store.releases.byId(build.releaseId) : null
  if (release?.status === 'succeeded') return
  if (release) throw new HearthError('unavailable', `Release v${release.version} failed: ${release.reason}`)
  throw new HearthError('build_failed', 'The build failed; its output says why.')
}

function note(context: Context, { setupId }: Setup, change: Partial<AppSetupRow>): void {
  context.store.appSetups.update(setupId, { ...change, updatedAt: timestamp(context) })
}
