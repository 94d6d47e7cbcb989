import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { ConfigVars } from '../../contract/apps/config-vars.ts'
import { canonicalJson, renderReleaseLink } from '../../contract/releases/release.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import type { Actor, AppRow, ReleaseRow, SlugRow } from '../../core/ports/store.ts'
import { note } from '../access/act.ts'
import { type Context, timestamp } from '../context.ts'

export interface ReleaseContent {
  readonly app: AppRow
  readonly actor: Actor
  readonly description: string
  readonly slug: SlugRow | null
  readonly configVars: ConfigVars
}

/**
 * Writes a pending release, the next link of the app's chain, and with it the app's config vars. Only in the app's
 * turn: what it is composed of must not change meanwhile.
 */
export function makeRelease(context: Context, content: ReleaseContent): ReleaseRow {
  const release = insertRelease(context, content)
  tellRelease(context, content, release)
  return release
}

/** Only that: for changes of which a release is a part. */
export function insertRelease(context: Context, content: ReleaseContent): ReleaseRow {
  const { store } = context
  return store.transaction(() => {
    const row = composeRelease(context, content)
    store.releases.insert(row, content.configVars)
    store.configVars.set(content.app.id, content.configVars)
    return row
  })
}

/** Once it is written: what failed was never told of. */
export function tellRelease(context: Context, { app, actor, description }: ReleaseContent, release: ReleaseRow): void {
  const { logs, events } = context
  logs.writeLine(app.id, 'api', logTexts.act(description, actor))
  // A release with a command of its own is there once that has ended well: see `rollOut`.
  const began = release.outputId === null ? logTexts.releaseCreated : logTexts.releaseCommand
  logs.writeLine(app.id, 'api', logTexts.act(began(release.version), actor))
  note(context, { app, actor }, logTexts.releaseMade(description, release.version))
  events.changed('releases', app)
}

function composeRelease(context: Context, content: ReleaseContent): ReleaseRow {
  const { app, actor, description, slug, configVars } = content
  const { store, signer } = context
  const previous = store.releases.newest(app.id)
  const now = timestamp(context)
  const configSalt = randomBytes(16).toString('hex')
  const link = {
    app_id: app.id,
    version: (previous?.version ?? 0) + 1,
    release_id: randomUUID(),
    description,
    user: actor.email,
    created_at: now,
    slug_id: slug?.id ?? null,
    slug_checksum: slug?.checksum ?? null,
    commit: slug?.commit ?? null,
    config_digest: sha256(configSalt + canonicalJson(configVars)).toString('hex'),
    config_salt: configSalt,
    previous_hash: previous?.hash ?? '0'.repeat(64),
  }
  const hash = sha256(renderReleaseLink(link))
  return {
    id: link.release_id,
    appId: app.id,
    version: link.version,
    description,
    user: actor,
    slugId: link.slug_id,
    slugChecksum: link.slug_checksum,
    commit: link.commit,
    configDigest: link.config_digest,
    configSalt,
    previousHash: link.previous_hash,
    hash: hash.toString('hex'),
    signature: signer.sign(hash),
    createdAt: now,
    status: 'pending',
    reason: null,
    switchedAt: null,
    outputId: hasReleasePhase(slug) ? context.outputs.create(app.id) : null,
    updatedAt: now,
  }
}

export function hasReleasePhase(slug: SlugRow | null): boolean {
  return slug !== null && Object.hasOwn(slug.processTypes, 'release')
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
