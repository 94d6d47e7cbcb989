import { z } from 'zod'
import { id, timestamp } from '../common.ts'

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

/** Only the name is anybody's to choose: Hearth tracks nobody and has no beta programme. */
export const accountUpdate = z.strictObject({
  name: z.string().max(100).nullable().optional(),
  allow_tracking: z.literal(false).optional(),
  beta: z.literal(false).optional(),
})
export type AccountUpdate = z.infer<typeof accountUpdate>
