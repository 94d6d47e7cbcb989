import type { DefaultNames } from '../../domains/default-names.ts'

export type RecordKind = 'A' | 'AAAA' | 'CNAME'

/** What the world's DNS says, and where this server is in it. */
export interface NameSystem {
  /** Addresses of this server that others may reach it at, IPv4 first. */
  addresses(): readonly string[]
  /** What the operator chose of the names that apps have by themselves; null leaves it to the server. */
  readonly choice: DefaultNames | null
  readonly local: LocalNames
  /** Empty when there is none. Rejects when nobody could be asked. */
  resolve(hostname: string, kind: RecordKind): Promise<readonly string[]>
}

/** Tells the local network of names that lead to this server. */
export interface LocalNames {
  /** All of them, from now on. */
  announce(names: readonly string[]): Promise<void>
}
