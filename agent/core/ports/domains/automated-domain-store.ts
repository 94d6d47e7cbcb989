/** How far the server is with a certificate for one domain, which it gets and renews by itself. */
export interface AutomatedDomainRow {
  readonly domainId: string
  readonly appId: string
  readonly status: AutomatedStatus
  /** Why it is as it is, for people; null when all is well. */
  readonly reason: string | null
  /** Failures in a row. */
  readonly attempts: number
  /** When something is done next: another try, or the renewal. */
  readonly nextAt: string
  /** What was begun at the authority and is not over. */
  readonly order: { readonly url: string; readonly key: string } | null
}

/** In the words that Heroku's client prints. */
export type AutomatedStatus = 'pending' | 'cert issued' | 'failing' | 'failed'

export interface AcmeAccount {
  /** PEM. */
  readonly key: string
  readonly url: string
}

export interface AutomatedDomainStore {
  /** Inserts, or changes the row of the same domain. */
  put(row: AutomatedDomainRow): void
  byDomain(domainId: string): AutomatedDomainRow | null
  removeAll(appId: string): void
  account(directory: string): AcmeAccount | null
  putAccount(directory: string, account: AcmeAccount): void
  removeAccount(directory: string): void
}
