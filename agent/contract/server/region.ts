import { z } from 'zod'
import { id, timestamp } from '../common.ts'

/** The one region of a server is the server itself. */
export const region = z.strictObject({
  country: z.string(),
  created_at: timestamp,
  description: z.string(),
  id,
  locale: z.string(),
  name: z.string(),
  private_capable: z.boolean(),
  provider: z.strictObject({ name: z.string(), region: z.string() }),
  updated_at: timestamp,
})
export type Region = z.infer<typeof region>
