import { z } from 'zod'
import { id, sha256 } from '../common.ts'

/** Heroku's way: PUT a gzipped tar to `put_url`, name `get_url` in the build. Both hold a secret and expire. */
export const source = z.strictObject({
  source_blob: z.strictObject({ get_url: z.string(), put_url: z.string() }),
})
export type Source = z.infer<typeof source>

/**
 * One entry of a source manifest. `path` is relative with forward slashes. `mode` is 0o644 or 0o755 for a file; a
 * symbolic link has `link` (its target, relative and inside the app) instead of content.
 */
export const sourceFile = z.union([
  z.strictObject({
    path: z.string().min(1).max(4096),
    mode: z.union([z.literal(0o644), z.literal(0o755)]),
    sizeBytes: z.number().int().nonnegative(),
    sha256,
  }),
  z.strictObject({ path: z.string().min(1).max(4096), link: z.string().min(1).max(4096) }),
])
export type SourceFile = z.infer<typeof sourceFile>

/** Extension: an incremental source. The agent answers with what it lacks; only that travels. */
export const sourceManifestCreate = z.strictObject({ files: z.array(sourceFile).max(200_000) })
export type SourceManifestCreate = z.infer<typeof sourceManifestCreate>

export const sourceManifest = z.strictObject({
  id,
  /** Digests whose content the agent does not have; send them to the manifest's blobs before building. */
  missing: z.array(sha256),
  /** Bytes of the missing content, uncompressed. */
  missing_bytes: z.number().int(),
  /** Use as `source_blob.url` of a build: `manifest:<id>`. */
  url: z.string(),
})
export type SourceManifest = z.infer<typeof sourceManifest>

/** The body of PUT blobs is a zstd-compressed tar whose entries are named by SHA-256, in any order. */
export const sourceBlobsReceived = z.strictObject({
  received: z.number().int(),
  /** Digests still lacking; empty when the build may start. */
  missing: z.array(sha256),
})
export type SourceBlobsReceived = z.infer<typeof sourceBlobsReceived>
