import { z } from 'zod'
import { appName, id, namedReference, timestamp, userReference } from '../common.ts'

/**
 * An app as the Platform API shows it. Sizes are bytes; `region.name` is the server's name, which the stock client prints
 * beside the app's. `create_status` is not in the published schema, but the client prints it unless it is `complete`;
 * `process_tier`, which it reads too, may be missing.
 */
export const app = z.strictObject({
  acm: z.boolean(),
  archived_at: timestamp.nullable(),
  buildpack_provided_description: z.string().nullable(),
  build_stack: namedReference,
  create_status: z.literal('complete'),
  created_at: timestamp,
  generation: z.strictObject({ id, name: z.literal('cedar') }),
  git_url: z.string(),
  id,
  internal_routing: z.boolean().nullable(),
  maintenance: z.boolean(),
  name: appName,
  owner: userReference,
  organization: z.null(),
  team: z.null(),
  region: namedReference,
  released_at: timestamp.nullable(),
  repo_size: z.number().int().nullable(),
  slug_size: z.number().int().nullable(),
  space: z.null(),
  stack: namedReference,
  updated_at: timestamp,
  /** Where the app answers; null as long as the router listens nowhere that a browser reaches. */
  web_url: z.string().nullable(),
})
export type App = z.infer<typeof app>

/** `region` and `stack` are accepted in their one valid value or left out. */
export const appCreate = z.strictObject({
  name: appName.optional(),
  region: z.string().optional(),
  stack: z.string().optional(),
  /** What there is is always on, so it may be asked for. */
  feature_flags: z.array(z.enum(['preboot', 'runtime-dyno-metadata'])).optional(),
})
export type AppCreate = z.infer<typeof appCreate>

export const appUpdate = z.strictObject({
  name: appName.optional(),
  maintenance: z.boolean().optional(),
  build_stack: z.string().optional(),
})
export type AppUpdate = z.infer<typeof appUpdate>
