import { z } from 'zod'
import { appAccess, serverAccess } from '../../agent/contract/access/access.ts'
import { activity } from '../../agent/contract/access/activity.ts'
import { key } from '../../agent/contract/access/key.ts'
import { person } from '../../agent/contract/access/person.ts'
import { role } from '../../agent/contract/access/role.ts'
import { call } from './define.ts'

export type { AppAccess, ServerAccess } from '../../agent/contract/access/access.ts'
export type { Activity } from '../../agent/contract/access/activity.ts'
export type { Person, PersonKey } from '../../agent/contract/access/person.ts'
export type { Role } from '../../agent/contract/access/role.ts'

const server = { serverId: z.string() }
/** An app, or without one the whole server. */
const place = { ...server, app: z.string().optional() }
const done = z.strictObject({})

export const calls = {
  /** What this desktop may do on a server. Of an agent from before there were roles: everything. */
  'access.own': call(z.strictObject(server), serverAccess),
  'access.app': call(z.strictObject({ ...server, app: z.string() }), appAccess),
  'access.people': call(z.strictObject(server), z.array(person)),
  /** `publicKey` is what a `.pub` file has; a private key is refused before anything is sent. */
  'access.grant': call(z.strictObject({ ...place, user: z.string(), role, publicKey: z.string().optional() }), done),
  /** `person` is an id; null takes the role on the whole server away. */
  'access.setRole': call(z.strictObject({ ...place, person: z.string(), role: role.nullable() }), done),
  /** From an app; without one from the server, with all roles and keys. */
  'access.remove': call(z.strictObject({ ...place, person: z.string() }), done),
  'access.removeKey': call(z.strictObject({ ...server, person: z.string(), key: z.string() }), done),
  /** Newest first. */
  'activity.list': call(z.strictObject(place), z.array(activity)),
  /** One's own keys on a server. */
  'ownKeys.list': call(z.strictObject(server), z.array(key)),
  'ownKeys.add': call(z.strictObject({ ...server, publicKey: z.string() }), done),
  'ownKeys.remove': call(z.strictObject({ ...server, key: z.string() }), done),
} as const
