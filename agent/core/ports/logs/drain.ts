/** What a destination made of some lines. */
export type DrainAnswer =
  | { readonly kind: 'taken' }
  /** It will not take these, however often they come. */
  | { readonly kind: 'refused'; readonly reason: string }

/** One way to one destination. */
export interface Drain {
  /**
   * Sends rendered lines of a log (`<ISO time> <source>[<process>]: <text>\n`). Throws when the destination can't be reached or
   * says that it can't take them now. `frameId` names this very sending, so that a repeated one can be told apart.
   */
  send(lines: Uint8Array, frameId: string, signal: AbortSignal): Promise<DrainAnswer>
  close(): void
}

export interface Drains {
  open(drain: { readonly url: string; readonly token: string }): Drain
}
