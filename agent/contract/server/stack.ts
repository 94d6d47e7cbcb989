import { z } from 'zod'
import { id, timestamp } from '../common.ts'

export const stack = z.strictObject({
  default: z.boolean(),
  created_at: timestamp,
  id,
  /** `debian-12`; the embedded server's stack is the machine itself, `local`. */
  name: z.string(),
  state: z.enum(['beta', 'deprecated', 'public']),
  updated_at: timestamp,
})
export type Stack = z.infer<typeof stack>
