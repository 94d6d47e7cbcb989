/**
 * URLs in answers that hold their own permission. Relative to the API (`/streams/...`): whoever carries the answer
 * further, the desktop's gateway for one, puts its own origin before them.
 */
export interface Links {
  buildOutput(buildId: string): string
  releaseOutput(releaseId: string): string
  slugArchive(slugId: string): string
  attach(dynoId: string): string
  sourceBlob(secret: string): string
}
