import { z } from 'zod'
import { appReference, id, timestamp, userReference } from '../common.ts'

/** Extension: something that somebody did, in the words of the app's log. The newest of each app and of the server stay. */
export const activity = z.strictObject({
  id,
  /** Null: the server as a whole. */
  app: appReference.nullable(),
  user: userReference,
  /** The fingerprint of the SSH key that they came by; null: root on the server, or the user of this computer. */
  key: z.string().nullable(),
  description: z.string(),
  created_at: timestamp,
})
export type Activity = z.infer<typeof activity>
