/** Whoever asked for something; the platform itself asks too (restarts, repairs). */
export interface Actor {
  readonly id: string
  readonly email: string
}

/** Somebody whose request was let in, and how they came. */
export interface Caller extends Actor {
  /** The SSH key; null for root on the server and for the user of this computer, who may do everything. */
  readonly keyId: string | null
}
