export interface TxtRecord {
  /** `_acme-challenge.www.example.com` */
  readonly name: string
  readonly value: string
}

/** Somebody who can change the DNS of the domains. */
export interface DnsProvider {
  /** Resolves once every name server of the domain has it. */
  add(record: TxtRecord): Promise<void>
  remove(record: TxtRecord): Promise<void>
}
