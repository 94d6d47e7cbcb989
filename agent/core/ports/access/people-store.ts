import type { Role } from '../../../contract/access/role.ts'
import type { Actor } from './actor.ts'

/** Somebody whom the server knows, by one or more SSH keys. */
export interface PersonRow {
  readonly id: string
  /** An e-mail-like name, unique without regard to case. */
  readonly email: string
  readonly createdAt: string
}

export interface KeyRow {
  /** As in the key's forced command. */
  readonly id: string
  readonly personId: string
  readonly type: string
  /** The key itself, base64. */
  readonly blob: string
  readonly comment: string
  /** Null: root on the server. */
  readonly addedBy: Actor | null
  readonly createdAt: string
}

export interface GrantRow {
  readonly personId: string
  /** Null: the whole server. */
  readonly appId: string | null
  readonly role: Role
  /** Null: root on the server. */
  readonly grantedBy: Actor | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** Who may use the server. */
export interface PeopleStore {
  insert(row: PersonRow): void
  /** With their keys and grants; the keys count as removed from then on. */
  remove(id: string, removedAt: string): void
  /** By e-mail-like name. */
  list(): PersonRow[]
  insertKey(row: KeyRow): void
  removeKey(id: string, removedAt: string): void
  listKeys(): KeyRow[]
  /** When each key that was removed and not added again since was removed. */
  removedKeys(): ReadonlyMap<string, string>
  /** Inserts, or changes the role of the same person in the same place. */
  putGrant(row: GrantRow): void
  removeGrant(personId: string, appId: string | null): void
  listGrants(): GrantRow[]
}
