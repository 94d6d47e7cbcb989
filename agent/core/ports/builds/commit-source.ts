/** Commits of an app's repository as sources for builds; those of a push that is being decided count too. */
export interface CommitSource {
  /**
   * Throws HearthError `not_found` when the repository has no such commit (any more), `too_large` when it has more
   * files or bytes than a source may have.
   */
  describeCommit(appId: string, commit: string): Promise<Commit>
  /**
   * A tar of the commit's files as a checkout would write them: with modes and links, without what git keeps for
   * itself. Reading it fails when it can't be made to its end.
   */
  openArchive(appId: string, commit: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
}

export interface Commit {
  /** The first line of its message, in one short printable line; may be empty. */
  readonly subject: string
  /** Of all files together. */
  readonly sizeBytes: number
  readonly fileCount: number
  /** Other repositories that it refers to; their content is not in the archive. */
  readonly submodules: readonly Submodule[]
}

export interface Submodule {
  /** In the app's folder. */
  readonly path: string
  readonly commit: string
}
