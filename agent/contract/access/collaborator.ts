import { z } from 'zod'
import { appReference, id, timestamp } from '../common.ts'
import { publicKey } from './key.ts'
import { role } from './role.ts'

/** A role, under the name that Heroku's teams have for it. */
export const permission = z.strictObject({ name: role, description: z.string() })

/**
 * Somebody who may use an app, by a role on it or on the whole server. What they may do is in `permissions`, from *view*
 * up to their role; `role` is Heroku's own word: the app's creator is `owner`, who else manages it `admin`.
 */
export const collaborator = z.strictObject({
  app: appReference,
  created_at: timestamp,
  id,
  permissions: z.array(permission),
  role: z.enum(['admin', 'collaborator', 'member', 'owner']).nullable(),
  updated_at: timestamp,
  user: z.strictObject({ email: z.string(), federated: z.boolean(), id }),
})
export type Collaborator = z.infer<typeof collaborator>

/** Of several permissions the highest counts, since each includes those before it. */
const given = { role: role.optional(), permissions: z.array(role).nonempty().optional() }

/**
 * `user` is an e-mail-like name or an id. Extensions: `role` (without it *operate*, as on Heroku a collaborator may do
 * everything but manage), and `public_key`, which lets in somebody whom the server does not know yet.
 */
export const collaboratorCreate = z.strictObject({
  user: z.string().min(1).max(200),
  silent: z.boolean().optional(),
  ...given,
  public_key: publicKey.optional(),
})
export type CollaboratorCreate = z.infer<typeof collaboratorCreate>

export const collaboratorUpdate = z.strictObject(given)
export type CollaboratorUpdate = z.infer<typeof collaboratorUpdate>
