import { z } from 'zod'

/** What an error looks like on the wire; `resource` names what was not found, in Heroku's words. */
export const errorBody = z.strictObject({
  id: z.string(),
  message: z.string(),
  resource: z.string().optional(),
})
export type ErrorBody = z.infer<typeof errorBody>
