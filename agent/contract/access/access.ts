import { z } from 'zod'
import { appReference, timestamp, userReference } from '../common.ts'
import { personKey } from './person.ts'
import { role } from './role.ts'

/** Extension: what whoever asks may do on this server. */
export const serverAccess = z.strictObject({
  user: userReference,
  /** On the whole server; null: on single apps only. */
  role: role.nullable(),
  /** On each app that they may see, whichever way. */
  apps: z.array(z.strictObject({ app: appReference, role })),
  /** Who can give roles on the whole server; empty where root alone can. */
  managers: z.array(z.string()),
  /** False on this computer: whoever is logged in there is its one user. */
  has_people: z.boolean(),
})
export type ServerAccess = z.infer<typeof serverAccess>

/** Extension: who may use an app, and what whoever asks may do with it. */
export const appAccess = z.strictObject({
  app: appReference,
  role,
  people: z.array(
    z.strictObject({
      user: userReference,
      /** The higher of the next two. */
      role,
      app_role: role.nullable(),
      server_role: role.nullable(),
      /** Who gave it, null: root on the server; and since when. */
      granted_by: userReference.nullable(),
      created_at: timestamp,
      keys: z.array(personKey),
    }),
  ),
})
export type AppAccess = z.infer<typeof appAccess>
