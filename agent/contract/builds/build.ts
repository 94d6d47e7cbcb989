import { z } from 'zod'
import { appReference, id, idReference, shortText, timestamp, userReference } from '../common.ts'

export const buildStatus = z.enum(['pending', 'succeeded', 'failed'])
export type BuildStatus = z.infer<typeof buildStatus>

const sourceBlob = z.strictObject({
  /** `SHA256:<hex>` of a tarball, or null. */
  checksum: z.string().nullable(),
  url: z.string(),
  /** The commit or another name of the version, as the sender calls it. */
  version: z.string().nullable(),
  version_description: z.string().nullable(),
})

/** Whether `https://user:password@host/…` holds a login: everybody who may see an app reads where its buildpacks come from. */
export function hasLogin(url: string): boolean {
  return /^[a-z][\w+.-]*:\/\/[^/?#]*@/i.test(url)
}

export const buildpackUrl = z
  .string()
  .refine(
    (url) => !hasLogin(url),
    "can't hold a user or a password, because everybody who may see the app reads it: use a public address, or a folder of the server",
  )

/** Where a buildpack comes from: a built-in name (`hearth/node`), a git URL with optional `#ref`, a tarball's URL, or a local folder. */
export const buildpackReference = z.strictObject({ url: z.string(), name: z.string().optional() })

export const build = z.strictObject({
  app: idReference,
  buildpacks: z.array(buildpackReference).nullable(),
  created_at: timestamp,
  generation: z.literal('cedar'),
  id,
  output_stream_url: z.string(),
  source_blob: sourceBlob,
  release: idReference.nullable(),
  slug: idReference.nullable(),
  stack: z.string(),
  status: buildStatus,
  updated_at: timestamp,
  user: userReference,
})
export type Build = z.infer<typeof build>

export const buildCreate = z.strictObject({
  buildpacks: z
    .array(buildpackReference.extend({ url: buildpackUrl }))
    .nullable()
    .optional(),
  source_blob: z.strictObject({
    checksum: z.string().nullable().optional(),
    /** `manifest:<id>`, the `get_url` of a source, `git:<commit>` of a pushed one, an http(s) URL of a gzipped tar, an image: `docker://registry.example/shop:1`, or images for process types: `images:web=registry.example/shop:1,worker=sha256:…`, where an id is one that was pushed to the app. */
    url: z.string().min(1),
    version: shortText.nullable().optional(),
    version_description: shortText.nullable().optional(),
  }),
})
export type BuildCreate = z.infer<typeof buildCreate>

/** Extension: the server's build queue, oldest first; by default one build runs at a time. */
export const queuedBuild = z.strictObject({
  id,
  app: appReference,
  state: z.enum(['queued', 'running']),
  /** Builds before this one; 0 when it runs. */
  ahead: z.number().int().nonnegative(),
  created_at: timestamp,
})
export type QueuedBuild = z.infer<typeof queuedBuild>
