import { z } from 'zod'
import { appReference, id, timestamp } from '../common.ts'

/**
 * A destination that gets every line of an app's log: `https://` and `http://` by POSTs of `application/logplex-1`,
 * `syslog+tls://` and `syslog://` over one connection. The URL may hold a password and is shown to who may add drains.
 */
export const logDrain = z.strictObject({
  addon: z.null(),
  app: appReference,
  created_at: timestamp,
  id,
  /** `d.<uuid>`: what the destination knows the app by. */
  token: z.string(),
  updated_at: timestamp,
  url: z.string(),
})
export type LogDrain = z.infer<typeof logDrain>

export const logDrainCreate = z.strictObject({ url: z.string().min(1).max(2048) })
export type LogDrainCreate = z.infer<typeof logDrainCreate>
