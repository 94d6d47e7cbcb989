/** A certificate of an app with its key, which is kept encrypted. */
export interface CertificateRow {
  readonly id: string
  readonly appId: string
  /** As its endpoint is called: `gator-12345`. */
  readonly name: string
  readonly origin: CertificateOrigin
  /** Lower case, as the certificate has them. */
  readonly hostnames: readonly string[]
  /** PEM: the leaf first, then what leads to its root. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
  readonly startsAt: string
  readonly expiresAt: string
  readonly createdAt: string
  readonly updatedAt: string
}

/** `acme`: from an authority that others trust, renewed by the agent. `local`: from the server's own. */
export type CertificateOrigin = 'uploaded' | 'acme' | 'local'

export interface CertificateStore {
  /** Inserts, or changes the row with the same id. */
  put(row: CertificateRow): void
  remove(id: string): void
  /** Oldest first. */
  list(appId: string): CertificateRow[]
  listAll(): CertificateRow[]
}
