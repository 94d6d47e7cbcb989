import { z } from 'zod'
import { id, timestamp } from '../common.ts'

/** Heroku's word for what its apps run on; ours behave as those of `cedar`. */
export const generation = z.strictObject({ created_at: timestamp, id, name: z.literal('cedar'), updated_at: timestamp })
export type Generation = z.infer<typeof generation>
