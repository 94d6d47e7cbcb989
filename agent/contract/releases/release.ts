import { z } from 'zod'
import { appReference, id, idReference, sha256, shortText, timestamp, userReference } from '../common.ts'

export const releaseStatus = z.enum(['pending', 'succeeded', 'failed', 'expired'])
export type ReleaseStatus = z.infer<typeof releaseStatus>

export const release = z.strictObject({
  addon_plan_names: z.array(z.string()),
  artifacts: z.array(z.strictObject({ type: z.string(), id })),
  app: appReference,
  created_at: timestamp,
  description: z.string(),
  id,
  updated_at: timestamp,
  slug: idReference.nullable(),
  status: releaseStatus,
  user: userReference,
  /** Given out by the agent, one queue an app, without gaps. Shown as `v12`. */
  version: z.number().int().positive(),
  current: z.boolean(),
  /** The release phase's output; null when the app has no release process type. */
  output_stream_url: z.string().nullable(),
  eligible_for_rollback: z.boolean(),
})
export type Release = z.infer<typeof release>

/** Either a rollback (`release`: id or version of an earlier one) or a release of an existing slug. */
export const releaseCreate = z.union([
  z.strictObject({ release: z.union([z.string(), z.number().int()]) }),
  z.strictObject({ slug: z.string(), description: shortText.optional() }),
])
export type ReleaseCreate = z.infer<typeof releaseCreate>

/** Where the code came from that a release brought. */
export const releaseSource = z.strictObject({
  /** `git`: pushed; `folder`: sent by a desktop; `archive`: a tar that was uploaded or fetched; `image`: of a registry. */
  kind: z.enum(['git', 'folder', 'archive', 'image']),
  /** The commit, or whatever the sender calls this version. */
  version: z.string().nullable(),
  /** Of a commit the first line of its message. */
  description: z.string().nullable(),
})
export type ReleaseSource = z.infer<typeof releaseSource>

/** Extension: how a release went, what keeps it from being rolled back to, and where its code came from. */
export const releaseState = z.strictObject({
  version: z.number().int().positive(),
  status: releaseStatus,
  /** Why it failed, a plain sentence; null when it did not. */
  reason: z.string().nullable(),
  /** Why it can't be rolled back to, a plain sentence; null when it can. */
  rollback_obstacle: z.string().nullable(),
  /** Null for a release that brought no code of its own: a rollback, a change of config vars. */
  source: releaseSource.nullable(),
})
export type ReleaseState = z.infer<typeof releaseState>

/**
 * Extension: one link of an app's hash chain, exactly what was hashed and signed. `hash` is the SHA-256 of
 * `renderReleaseLink(link)`; `signature` is ed25519 over the hash's 32 bytes with the server's key, base64.
 */
export const releaseLink = z.strictObject({
  app_id: id,
  version: z.number().int().positive(),
  release_id: id,
  description: z.string(),
  user: z.string(),
  created_at: timestamp,
  slug_id: id.nullable(),
  slug_checksum: z.string().nullable(),
  commit: z.string().nullable(),
  /** SHA-256 of `config_salt` + canonical JSON of the config vars: proves them without telling them. */
  config_digest: sha256,
  config_salt: z.string(),
  /** Hash of the link before; 64 zeros for version 1. */
  previous_hash: sha256,
  hash: sha256,
  signature: z.string(),
})
export type ReleaseLink = z.infer<typeof releaseLink>

/** JSON with sorted keys and no spaces, so that both sides hash the same bytes. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
}

/** The exact text that is hashed: every field but the hash and the signature. */
export function renderReleaseLink(link: Omit<ReleaseLink, 'hash' | 'signature'>): string {
  const { hash: _, signature: __, ...hashed } = link as ReleaseLink
  return canonicalJson(hashed)
}
