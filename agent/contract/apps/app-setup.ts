import { z } from 'zod'
import { appName, appReference, id, shortText, timestamp } from '../common.ts'
import { configVarName } from './config-vars.ts'

/**
 * An app that is made from a source and the `app.json` in it: config vars, buildpacks, formation, a build, and a command that
 * runs once when it serves. When something of it fails the app stays as far as it came, so that its build can be read.
 */
export const appSetup = z.strictObject({
  id,
  created_at: timestamp,
  updated_at: timestamp,
  status: z.enum(['pending', 'succeeded', 'failed']),
  /** A plain sentence; null when it did not fail. */
  failure_message: z.string().nullable(),
  app: appReference,
  /** Null until the source was read. */
  build: z
    .strictObject({ id, status: z.enum(['pending', 'succeeded', 'failed']), output_stream_url: z.string() })
    .nullable(),
  /** What is wrong with app.json, or asked for by it and not here. */
  manifest_errors: z.array(z.string()),
  postdeploy: z.strictObject({ output: z.string(), exit_code: z.number().int() }).nullable(),
  /** Where app.json sends whoever set it up; null without one, or when the app has no address that a browser reaches. */
  resolved_success_url: z.string().nullable(),
})
export type AppSetup = z.infer<typeof appSetup>

export const appSetupCreate = z.strictObject({
  app: z
    .strictObject({
      name: appName.optional(),
      region: z.string().optional(),
      stack: z.string().optional(),
      /** Every app is its creator's; others are let in by a role. */
      personal: z.boolean().optional(),
      locked: z.literal(false).optional(),
    })
    .optional(),
  source_blob: z.strictObject({
    checksum: z.string().nullable().optional(),
    /** The `get_url` of a source, or an http(s) URL of a gzipped tar. */
    url: z.string().min(1),
    version: shortText.nullable().optional(),
    version_description: shortText.nullable().optional(),
  }),
  overrides: z
    .strictObject({
      buildpacks: z
        .array(z.strictObject({ url: z.string().min(1) }))
        .max(20)
        .optional(),
      env: z.record(configVarName, z.string().max(65_536)).optional(),
    })
    .optional(),
})
export type AppSetupCreate = z.infer<typeof appSetupCreate>
