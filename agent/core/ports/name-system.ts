export type RecordKind = 'A' | 'AAAA' | 'CNAME'

/** What the world's DNS says, and where this server is in it. */
export interface NameSystem {
  /** Addresses of this server that others may reach it at, IPv4 first. */
  addresses(): readonly string[]
  /** Empty when there is none. Rejects when nobody could be asked. */
  resolve(hostname: string, kind: RecordKind): Promise<readonly string[]>
}
