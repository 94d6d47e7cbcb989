import { z } from 'zod'
import { id, timestamp } from '../common.ts'

/** One line of a `.pub` file, bounded: the longest RSA keys have some 3,000 characters. */
export const publicKey = z.string().max(16_384)

/** An SSH key of whoever asks. `email` is Heroku's older name of the comment. */
export const key = z.strictObject({
  comment: z.string(),
  created_at: timestamp,
  email: z.string(),
  /** `SHA256:<base64>`, as `ssh-keygen -l` prints it. */
  fingerprint: z.string(),
  id,
  public_key: z.string(),
  updated_at: timestamp,
})
export type Key = z.infer<typeof key>

export const keyCreate = z.strictObject({ public_key: publicKey })
export type KeyCreate = z.infer<typeof keyCreate>
