import type { SourceFile } from '../../../contract/sources/source.ts'

/** Sources on their way to a build; per app, so that one app can't probe for another's files. */
export interface SourceStore {
  /** Checks every path (no `..`, absolute, link that leads out, duplicate, device) and says what content is lacking. */
  createManifest(
    appId: string,
    files: readonly SourceFile[],
  ): Promise<{ id: string; missing: string[]; missingBytes: number }>
  /** Takes a zstd-compressed tar of blobs named by digest; refuses content that does not match. */
  putBlobs(
    appId: string,
    manifestId: string,
    body: AsyncIterable<Uint8Array>,
  ): Promise<{ received: number; missing: string[] }>
  /** Room for one uploaded tarball; the secret names it in put, get and build. */
  createBlob(): Promise<{ secret: string }>
  putBlob(secret: string, body: AsyncIterable<Uint8Array>): Promise<void>
  /** Keeps the image that a manifest's files are, all of which must be there, for a process type: the next push is compared with it. */
  keepImage(appId: string, image: { type: string; id: string; manifestId: string; at: string }): Promise<void>
  /** Those that are kept, one a process type. */
  listImages(appId: string): Promise<readonly { type: string; id: string; at: string }[]>
  destroyApp(appId: string): Promise<void>
}
