import { randomUUID } from 'node:crypto'
import { HearthError } from '../../contract/errors.ts'
import type { SlugCreate } from '../../contract/releases/slug.ts'
import type { AppRow, NewSlugRow, SlugRow } from '../../core/ports/store.ts'
import { requireStack } from '../apps/require-own.ts'
import { type Context, timestamp } from '../context.ts'

/** Makes room for a slug that was made elsewhere. It can be released once its archive has been put. */
export async function createSlug(
  context: Context,
  { app, request }: { app: AppRow; request: SlugCreate },
): Promise<NewSlugRow> {
  const { store, sources } = context
  if (request.stack !== undefined && requireStack(context, request.stack).name !== app.stack)
    throw new HearthError(
      'invalid_params',
      `${app.name} is built for the stack ${app.stack}. Set its stack to ${request.stack} first (heroku stack:set).`,
    )
  const { secret } = await sources.createBlob()
  const row: NewSlugRow = {
    id: randomUUID(),
    appId: app.id,
    secret,
    processTypes: request.process_types,
    archiveChecksum: request.checksum ?? null,
    commit: request.commit ?? null,
    commitDescription: request.commit_description ?? null,
    description: request.buildpack_provided_description ?? '',
    createdAt: timestamp(context),
  }
  store.newSlugs.insert(row)
  return row
}

/** The body of a PUT: a source for a build to come, or the archive of a slug, which is taken over at once. */
export async function receiveUpload(context: Context, secret: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  const { sources, store, builds } = context
  await sources.putBlob(secret, body)
  const row = store.newSlugs.bySecret(secret)
  if (row) await builds.runAside(() => takeOver(context, row))
}

async function takeOver({ builder, store, machine }: Context, row: NewSlugRow): Promise<void> {
  const { secret, archiveChecksum: checksum } = row
  const stack = store.apps.byId(row.appId)?.stack ?? machine.facts.stacks[0].name
  const imported = await builder.importSlug({ id: randomUUID(), secret, checksum, stack })
  store.transaction(() => {
    // Its app is gone, or the same archive was put twice at once.
    if (store.newSlugs.bySecret(secret) === null) return
    store.newSlugs.remove(row.id)
    store.slugs.insert(toSlugRow(row, imported))
  })
}

function toSlugRow(row: NewSlugRow, imported: Pick<SlugRow, 'checksum' | 'stack' | 'sizeBytes' | 'images'>): SlugRow {
  const { id, appId, processTypes, commit, commitDescription, description, createdAt } = row
  // Whatever it runs on it brings along: nothing lies between it and the stack.
  return {
    id,
    appId,
    processTypes,
    commit,
    commitDescription,
    description,
    createdAt,
    ...imported,
    layers: [],
    reports: [],
  }
}
