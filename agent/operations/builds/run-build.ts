import { randomUUID } from 'node:crypto'
import { HearthError } from '../../contract/errors.ts'
import { containerStack, imageFor, imagesOf } from '../../core/builds/image-reference.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { BuiltSlug } from '../../core/ports/builds/builder.ts'
import type { AppRow, BuildRow, ReleaseRow, SlugRow } from '../../core/ports/store.ts'
import { describeRelease } from '../../core/releases/release-description.ts'
import { Secret } from '../../core/secret.ts'
import { type Context, timestamp } from '../context.ts'
import { deploy } from '../releases/deploy.ts'
import type { StartedRelease } from '../releases/start-release.ts'
import { webUrl } from '../resources/app-resource.ts'
import { servingRelease } from '../runtime/routing/routes.ts'
import { explain } from '../runtime/steps.ts'

/** One build's turn: source to slug. The deploy of the slug goes on by itself, so that the next build can start. */
export async function runBuild(context: Context, buildId: string, signal: AbortSignal): Promise<void> {
  const build = context.store.builds.byId(buildId)
  const app = build && context.store.apps.byId(build.appId)
  if (!build || !app) return
  try {
    signal.throwIfAborted()
    const slug = await makeSlug(context, { app, build }, signal)
    context.background.run(`deploying ${app.name}`, () => deployBuild(context, { app, build, slug }))
  } catch (error) {
    // A closing agent leaves the build to the next one, which says that it was interrupted.
    if (context.background.signal.aborted) throw error
    // Whoever cancelled it gave the reason; the builder only knows that it was told to stop.
    failBuild(context, { app, build }, signal.aborted ? signal.reason : error)
  }
}

/** Ends a build as failed, with the reason as the last line of its output. */
export function failBuild(context: Context, { app, build }: { app: AppRow; build: BuildRow }, error: unknown): void {
  const { store, outputs, logs, events, report } = context
  if (!(error instanceof HearthError)) report(`building ${app.name} failed`, error)
  store.builds.update(build.id, { status: 'failed', isRunning: false, updatedAt: timestamp(context) })
  outputs.write(build.outputId, `\n !     ${explain(error).replaceAll('\n', '\n !     ')}\n`)
  outputs.finish(build.outputId)
  logs.writeLine(app.id, 'api', logTexts.buildFailed)
  events.changed('builds', app)
}

async function makeSlug(
  context: Context,
  { app, build }: { app: AppRow; build: BuildRow },
  signal: AbortSignal,
): Promise<SlugRow> {
  const { store, builder, outputs, events } = context
  store.builds.update(build.id, { isRunning: true, updatedAt: timestamp(context) })
  events.changed('builds', app)
  const built = await builder.build(
    {
      id: build.id,
      app: { id: app.id, name: app.name },
      stack: build.stack,
      sourceUrl: build.sourceUrl,
      sourceChecksum: build.sourceChecksum,
      sourceVersion: build.sourceVersion,
      buildpacks: build.buildpacks,
      pins: lastPins(context, app),
      configVars: new Secret(store.configVars.get(app.id)),
      current: currentImages(context, app),
      output: (text) => outputs.write(build.outputId, text),
    },
    signal,
  )
  signal.throwIfAborted()
  const slug = toSlugRow(context, build, built)
  store.transaction(() => {
    store.slugs.insert(slug)
    const { buildpacks } = built
    store.builds.update(build.id, { slugId: slug.id, buildpacks, updatedAt: timestamp(context) })
    // What was found the first time stays until somebody chooses otherwise: a stray file must not change the language.
    // What the source asks for follows the source instead.
    const isDetected = built.chosenBy === 'detection' && store.buildpacks.get(app.id).length === 0
    if (isDetected) store.buildpacks.set(app.id, buildpacks)
    // As at Heroku: an app that was given an image is one of images from then on.
    if (build.stack === containerStack) store.apps.update(app.id, { stack: containerStack })
  })
  events.changed('buildpacks', app)
  return slug
}

function currentImages({ store }: Context, app: AppRow): SlugRow | null {
  const slugId = servingRelease(store, app.id)?.slugId
  const slug = slugId ? store.slugs.byId(slugId) : null
  return slug && slug.images.length > 0 ? slug : null
}

/** Which state of the buildpacks from elsewhere the app's last slug was made by, as its reports tell. */
function lastPins({ store }: Context, app: AppRow): Record<string, string> {
  const last = store.slugs.list().findLast(({ appId }) => appId === app.id)
  const pins = (last?.reports ?? []).map(
    ({ buildpack, facts }) => [buildpack, facts.commit ?? facts.archive ?? facts.digest] as const,
  )
  return Object.fromEntries(pins.filter((pin): pin is [string, string] => pin[1] !== undefined))
}

function toSlugRow(context: Context, build: BuildRow, built: BuiltSlug): SlugRow {
  const { checksum, layers, stack, sizeBytes, processTypes, description, reports, images } = built
  return {
    id: randomUUID(),
    appId: build.appId,
    checksum,
    layers,
    stack,
    sizeBytes,
    processTypes,
    description,
    reports,
    images,
    commit: build.sourceVersion,
    commitDescription: build.sourceDescription,
    createdAt: timestamp(context),
  }
}

/** Releases what a build has made; the build's output follows it to its end. */
export async function deployBuild(
  context: Context,
  { app, build, slug }: { app: AppRow; build: BuildRow; slug: SlugRow },
): Promise<void> {
  const { outputs } = context
  let started: StartedRelease
  try {
    started = await deploy(context, { slug, actor: build.user, description: describeImages(build, slug) })
  } catch (error) {
    if (!context.background.signal.aborted) failBuild(context, { app, build }, error)
    return
  }
  const { release, done } = started
  noteSuccess(context, { app, build, release })
  outputs.write(build.outputId, '-----> Launching...\n')
  await copyReleasePhase(context, build, release)
  tellBuild(context, { app, build, release: await done })
}

/** Of images that were chosen one by one; what else a release is of, its slug tells. */
function describeImages({ sourceUrl }: BuildRow, { images }: SlugRow): string | undefined {
  const chosen = imagesOf(sourceUrl)
  if (chosen === null || chosen.isWhole) return undefined
  return describeRelease.images(
    chosen.images.map(({ type }) => ({ type, digest: imageFor({ images }, type)?.digest ?? '' })),
  )
}

/** Whoever follows a build is to see what its release command says; on a push nothing else shows it. */
async function copyReleasePhase({ outputs, background }: Context, build: BuildRow, { outputId }: ReleaseRow) {
  if (outputId === null) return
  outputs.write(build.outputId, '-----> Running the release command...\n')
  await outputs.copy(outputId, build.outputId, background.signal)
}

/** For a build whose release has come to its end. */
export function endBuild(context: Context, parts: { app: AppRow; build: BuildRow; release: ReleaseRow }): void {
  noteSuccess(context, parts)
  tellBuild(context, parts)
}

/** The last lines of a build's output: what became of its release. */
export function tellBuild(
  { outputs, store, machine }: Context,
  { app, build, release }: { app: AppRow; build: BuildRow; release: ReleaseRow },
): void {
  outputs.write(build.outputId, describeEnd({ store, machine }, app, release))
  outputs.finish(build.outputId)
}

function noteSuccess(
  context: Context,
  { app, build, release }: { app: AppRow; build: BuildRow; release: ReleaseRow },
): void {
  const change = { status: 'succeeded', isRunning: false, releaseId: release.id } as const
  context.store.builds.update(build.id, { ...change, updatedAt: timestamp(context) })
  context.logs.writeLine(app.id, 'api', logTexts.buildSucceeded)
  context.events.changed('builds', app)
}

function describeEnd(context: Pick<Context, 'store' | 'machine'>, app: AppRow, release: ReleaseRow): string {
  if (release.status !== 'succeeded') return `\n !     Release v${release.version} failed: ${release.reason}\n`
  // On this computer the desktop names the address: it serves the app under a port of its own.
  const isEmbedded = context.machine.facts.runner === 'process'
  const url = isEmbedded ? null : webUrl(context, context.store.apps.byId(app.id) ?? app)
  return `       Released v${release.version}\n${url === null ? '' : `       ${url} deployed to Hearth\n`}`
}
