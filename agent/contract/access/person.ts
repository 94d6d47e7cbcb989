import { z } from 'zod'
import { appReference, id, timestamp, userReference } from '../common.ts'
import { publicKey } from './key.ts'
import { role } from './role.ts'

/** How somebody's name looks: like an e-mail address, of plain letters, so that none looks like another. */
export const personEmail = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9._%+-]*@[a-z0-9][a-z0-9.-]*$/i, 'must look like an e-mail address: ann@example.com')

/** An SSH key by which somebody gets in. */
export const personKey = z.strictObject({
  id,
  /** `ssh-ed25519` */
  type: z.string(),
  /** `SHA256:<base64>`, as `ssh-keygen -l` prints it. */
  fingerprint: z.string(),
  comment: z.string(),
  created_at: timestamp,
  /** Null: root on the server. */
  added_by: userReference.nullable(),
})
export type PersonKey = z.infer<typeof personKey>

/** Extension: somebody whom the server knows. */
export const person = z.strictObject({
  id,
  email: z.string(),
  /** On the whole server, and so on each of its apps; null: on single apps only. */
  role: role.nullable(),
  /** Who gave that role; null: root on the server, or there is none. */
  granted_by: userReference.nullable(),
  apps: z.array(z.strictObject({ app: appReference, role })),
  /** Empty: root took their keys out of `authorized_keys`, and they do not get in. */
  keys: z.array(personKey),
  created_at: timestamp,
})
export type Person = z.infer<typeof person>

/** `user` is an e-mail-like name or an id; without `public_key` the server must know them already. */
export const personCreate = z.strictObject({
  user: z.string().min(1).max(200),
  role,
  public_key: publicKey.optional(),
})
export type PersonCreate = z.infer<typeof personCreate>

/** Null takes the role on the whole server away; roles on single apps stay. */
export const personUpdate = z.strictObject({ role: role.nullable() })
export type PersonUpdate = z.infer<typeof personUpdate>
