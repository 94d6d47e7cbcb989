import type { Readable, Writable } from 'node:stream'
import type { GitMode, GitService } from '../../contract/sources/git.ts'
import type { RefUpdate } from '../git/push.ts'
import type { CommitSource } from './builds/commit-source.ts'

/** A push whose objects have arrived and were checked. Nothing of it counts before it is taken. */
export interface IncomingPush {
  readonly updates: readonly RefUpdate[]
  /** Shown to whoever pushes, while they are there to read it; resolves when there is room for more. */
  write(text: Uint8Array | string): Promise<void>
}

export interface GitSessionRequest {
  readonly appId: string
  readonly service: GitService
  readonly mode: GitMode
  /** `version=2`; null for git's first protocol. */
  readonly protocol: string | null
  /** Decides a push: true takes it. Until it resolves git waits, even when the client is gone. */
  readonly onPush: (push: IncomingPush) => Promise<boolean>
}

/** One conversation between a client's git and ours. */
export interface GitSession {
  readonly input: Writable
  readonly output: Readable
  readonly end: Promise<GitSessionEnd>
  /** The client is gone: what has not arrived whole ends here, a push that has is decided all the same. */
  abandon(): void
}

export interface GitSessionEnd {
  /** git's exit status; 1 when it was stopped. */
  readonly status: number
  /** What git, or we about it, had to say for the client's standard error; may be empty. */
  readonly message: string
}

/** One bare repository an app, by the app's id, made when it is first asked for. */
export interface GitRepositories extends CommitSource {
  /** Throws HearthError: `disk_full`, `unavailable` when git can't be run. */
  openSession(request: GitSessionRequest): Promise<GitSession>
  /** Bytes on the disk, 0 for an app without a repository. */
  measure(appId: string): Promise<number>
  /** Packs what lies loose, when there is enough of it; at low priority, and not while somebody pushes. */
  maintain(appId: string): Promise<void>
  /** Ends the app's sessions and removes its repository. */
  destroyApp(appId: string): Promise<void>
  /** Ends all sessions; pushes that were being decided are declined. */
  close(): Promise<void>
}
