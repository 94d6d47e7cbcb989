import { z } from 'zod'
import { id, timestamp } from './common.ts'

/** Whoever the request's token belongs to. Fields that Heroku has and we never set are answered with null. */
export const account = z.strictObject({
  allow_tracking: z.boolean(),
  beta: z.boolean(),
  created_at: timestamp,
  email: z.string(),
  federated: z.boolean(),
  id,
  identity_provider: z.null(),
  last_login: timestamp.nullable(),
  name: z.string().nullable(),
  sms_number: z.null(),
  suspended_at: z.null(),
  delinquent_at: z.null(),
  two_factor_authentication: z.boolean(),
  updated_at: timestamp,
  verified: z.boolean(),
  country_of_residence: z.null(),
  default_organization: z.null(),
  default_team: z.null(),
})
export type Account = z.infer<typeof account>
