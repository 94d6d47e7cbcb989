import type { Readable, Writable } from 'node:stream'
import type { CommandLine } from '../exec/command.ts'
import type { UnitEnd } from '../exec/transient-unit.ts'

/** One run of git, or of a script beside it, over one repository. */
export interface GitJob {
  /** Unique; names the unit. `[a-z0-9-]` */
  readonly id: string
  /** The repository's folder on the machine; the program starts in it, and it is all that it may change. */
  readonly repository: string
  readonly isReadOnly: boolean
  /** The folder with a push's pipes, or null. */
  readonly push: string | null
  readonly command: CommandLine
  /** Added to git's own environment; not secret. */
  readonly environment?: Readonly<Record<string, string>>
  readonly limits: GitLimits
}

export interface GitLimits {
  readonly memoryBytes: number
  readonly timeoutMs: number
}

export interface GitProcess {
  readonly input: Writable
  readonly output: Readable
  /** Its standard error. */
  readonly complaints: Readable
  /** Resolves once it is gone and its streams are read to the end. */
  readonly end: Promise<UnitEnd>
  /** Bytes that went in and out so far, to see whether anybody is there. */
  moved(): number
  /** Ends it: it may tidy up, for some seconds. */
  stop(): void
}

/** What runs git apart from the rest of the machine: a systemd unit, or a process of this user. */
export interface GitSandbox {
  /** Who repositories and pipes belong to; null: the agent's own user. */
  readonly owner: { readonly uid: number; readonly gid: number } | null
  start(job: GitJob): Promise<GitProcess>
}
