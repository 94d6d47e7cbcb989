import { z } from 'zod'
import { id, timestamp } from '../common.ts'

/**
 * Something of an app that Heroku lets one turn on. `preboot`, `log-runtime-metrics` and what is of the router (`http-...`) can be turned
 * on and off; anything else that Hearth has of these is how it works, and turning it off is refused.
 */
export const feature = z.strictObject({
  created_at: timestamp,
  description: z.string(),
  doc_url: z.string(),
  enabled: z.boolean(),
  id,
  name: z.string(),
  /** The client lists `general` under `features` and others under `labs`. */
  state: z.enum(['general', 'beta']),
  updated_at: timestamp,
  display_name: z.string(),
  feedback_email: z.string(),
})
export type Feature = z.infer<typeof feature>

export const featureUpdate = z.strictObject({ enabled: z.boolean() })
export type FeatureUpdate = z.infer<typeof featureUpdate>
