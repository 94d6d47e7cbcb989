import { z } from 'zod'

/** Requests that the asker's key may still make at once; more become possible every second. Asking costs none. */
export const rateLimit = z.strictObject({ remaining: z.number().int().nonnegative() })
export type RateLimit = z.infer<typeof rateLimit>
