import { z } from 'zod'
import { id, namedReference, timestamp } from './common.ts'

/** The runnable result of a build. `size` is bytes of the compressed archive, null until it is written. */
export const slug = z.strictObject({
  /** The archive, a tar with zstd, for a quarter of an hour. */
  blob: z.strictObject({ method: z.literal('GET'), url: z.string() }),
  buildpack_provided_description: z.string().nullable(),
  /** `SHA256:<hex>` over the slug's tree: paths, modes and contents. */
  checksum: z.string().nullable(),
  commit: z.string().nullable(),
  commit_description: z.string().nullable(),
  created_at: timestamp,
  id,
  process_types: z.record(z.string(), z.string()),
  size: z.number().int().nullable(),
  stack: namedReference,
  updated_at: timestamp,
  deleted_at: timestamp.nullable(),
})
export type Slug = z.infer<typeof slug>
