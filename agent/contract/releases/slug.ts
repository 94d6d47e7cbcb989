import { z } from 'zod'
import { buildpackReference } from '../builds/build.ts'
import { id, namedReference, processType, shortText, timestamp } from '../common.ts'

/** The runnable result of a build. `size` is bytes of the compressed archive, null until it is written. */
export const slug = z.strictObject({
  /**
   * GET: the archive, a tar with zstd, for a quarter of an hour. PUT, in the answer to its creation: where the archive of a
   * slug that was made elsewhere goes, within an hour.
   */
  blob: z.strictObject({ method: z.enum(['GET', 'PUT']), url: z.string() }),
  buildpack_provided_description: z.string().nullable(),
  /** Extension: what each buildpack's bin/report said of the build, a flat map; in their order, silent ones left out. */
  buildpack_reports: z.array(
    z.strictObject({ buildpack: buildpackReference, facts: z.record(z.string(), z.string()) }),
  ),
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

/**
 * A slug that was made elsewhere. Its archive is a tar of `./app`, with gzip or zstd; `checksum` is that of the archive. It
 * runs on the bare stack: what it needs besides is in it.
 */
export const slugCreate = z.strictObject({
  process_types: z.record(processType, z.string().min(1).max(32_768)),
  buildpack_provided_description: shortText.nullable().optional(),
  checksum: z
    .string()
    .regex(/^SHA256:[0-9a-f]{64}$/i, 'must be SHA256: and 64 hexadecimal digits')
    .nullable()
    .optional(),
  commit: shortText.nullable().optional(),
  commit_description: shortText.nullable().optional(),
  stack: z.string().optional(),
})
export type SlugCreate = z.infer<typeof slugCreate>
