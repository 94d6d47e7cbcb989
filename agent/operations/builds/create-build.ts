import { randomUUID } from 'node:crypto'
import type { BuildCreate } from '../../contract/builds/build.ts'
import { HearthError } from '../../contract/errors.ts'
import { containerStack, imagesOf } from '../../core/builds/image-reference.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Caller } from '../../core/ports/access/actor.ts'
import type { AppRow, BuildRow } from '../../core/ports/store.ts'
import { act } from '../access/act.ts'
import { type Context, timestamp } from '../context.ts'
import { runBuild } from './run-build.ts'

/** Notes a build and puts it in the server's queue; what it makes is deployed. */
export function createBuild(
  context: Context,
  { app, actor, request }: { app: AppRow; actor: Caller; request: BuildCreate },
): BuildRow {
  const { store, outputs, events } = context
  const { source_blob: source } = request
  const now = timestamp(context)
  const chosen = imagesOf(source.url)
  // An image of a registry is told by its name, which says more than nothing.
  const image = chosen?.isWhole ? chosen.images[0]?.reference : undefined
  const given = request.buildpacks?.map(({ url, name }) => name ?? url)
  const row = store.transaction(() => {
    const build: BuildRow = {
      id: randomUUID(),
      appId: app.id,
      user: actor,
      sourceUrl: toSourceUrl(source.url),
      sourceChecksum: source.checksum ?? null,
      sourceVersion: source.version ?? image ?? null,
      sourceDescription: source.version_description ?? null,
      buildpacks: given?.length ? given : store.buildpacks.get(app.id),
      stack: chosen === null ? app.stack : containerStack,
      status: 'pending',
      isRunning: false,
      slugId: null,
      releaseId: null,
      outputId: outputs.create(app.id),
      createdAt: now,
      updatedAt: now,
    }
    store.builds.insert(build)
    return build
  })
  act(context, { app, actor }, logTexts.buildStarted)
  events.changed('builds', app)
  enqueueBuild(context, row)
  return row
}

export function enqueueBuild(context: Context, row: BuildRow): void {
  const { builds, outputs, events, store } = context
  builds.add(
    row.id,
    (signal) => runBuild(context, row.id, signal),
    (ahead) => {
      outputs.write(row.outputId, describeWaiting(ahead))
      events.changed('builds', store.apps.byId(row.appId))
    },
  )
}

/** Ends a build that waits at once, and asks one that runs to end; returns it as it is then. */
export function cancelBuild(context: Context, row: BuildRow, { app, actor }: { app: AppRow; actor: Caller }): BuildRow {
  if (context.builds.cancel(row.id, `The build was cancelled by ${actor.email}.`)) {
    act(context, { app, actor }, logTexts.buildCancelled)
    return context.store.builds.byId(row.id) ?? row
  }
  throw new HearthError('conflict', `The build has ended (${row.status}); there is nothing to cancel.`)
}

function describeWaiting(ahead: number): string {
  const builds = ahead === 1 ? '1 build is' : `${ahead} builds are`
  return `-----> Waiting: ${builds} before this one\n`
}

/** What `get_url` of a source names is an upload here; everything else is passed on. */
function toSourceUrl(url: string): string {
  const secret = /\/source-blobs\/([\w-]+)$/.exec(url)?.[1]
  return secret === undefined ? url : `blob:${secret}`
}
