import type { Actor } from './actor.ts'

export interface ActivityRow {
  readonly id: string
  /** Null: the server as a whole. */
  readonly appId: string | null
  readonly user: Actor
  /** The key's fingerprint, which stays when the key goes; null: they came by none. */
  readonly key: string | null
  readonly description: string
  readonly createdAt: string
}

/** What people did, the newest of each app and of the server. */
export interface ActivityStore {
  /** Forgets the oldest of the same place beyond a bound. */
  insert(row: ActivityRow): void
  /** Newest first. */
  list(appId: string | null): ActivityRow[]
}
