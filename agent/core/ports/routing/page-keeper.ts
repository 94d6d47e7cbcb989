/** An app's own HTML for errors or maintenance. */
export interface KeptPage {
  /** Of the URL that it came from; the URL itself may hold a password. */
  readonly urlDigest: string
  readonly html: string
}

export interface KeptPages {
  readonly error?: KeptPage
  readonly maintenance?: KeptPage
}

/** Gets apps' own pages from where they are, and keeps them, so that they are there when that place is not. */
export interface PageKeeper {
  /** Rejects with an error whose message says why without naming the URL. */
  fetch(url: string, signal: AbortSignal): Promise<string>
  /** Of all apps that have any, by id. */
  load(): Promise<Map<string, KeptPages>>
  /** With nothing to keep, what was kept goes. */
  save(appId: string, pages: KeptPages): Promise<void>
}
