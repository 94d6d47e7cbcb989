/** Whoever has a client's connection at the moment: an exchange, or a tunnel. */
export interface ClientUser {
  /** Returns what does not belong to it. */
  onClientData(chunk: Buffer): Buffer | null
  onClientDrain(): void
  /** The client sends no more. */
  onClientEnd(): void
  onClientClosed(): void
  sweep(now: number): void
  forceClose(): void
  /** Nothing in what it does says when it will be over. */
  readonly isEndless: boolean
}
