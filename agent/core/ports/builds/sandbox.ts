/** A folder or file of the machine as a sandbox sees it. */
export interface SandboxBind {
  readonly from: string
  /** Equal to `from` where the sandbox has no root of its own. */
  readonly to: string
  readonly writable: boolean
}

export interface SandboxLimits {
  readonly memoryBytes: number
  /** Processes and threads at once; a job that wants more is ended. */
  readonly maximumTasks: number
  readonly timeoutMs: number
  /** What the free space of the disk may not fall below. */
  readonly diskReserveBytes: number
}

/** One program run apart from the rest of the machine, without privileges, with network. */
export interface SandboxJob {
  /** Unique; names the unit. `[a-z0-9-]` */
  readonly id: string
  /** Roots to lie over each other, first on top; the last is the stack. Empty: the machine's own root. */
  readonly lowers: readonly string[]
  /** A folder for what is written outside the binds; on disk, removed by the caller. */
  readonly scratch: string
  readonly binds: readonly SandboxBind[]
  readonly command: readonly [program: string, ...parameters: string[]]
  readonly directory: string
  /** The whole environment; holds nothing secret, since other users of the machine might read it. */
  readonly environment: Readonly<Record<string, string>>
  readonly limits: SandboxLimits
  /** Standard output and error, merged, as they come. */
  readonly output: (bytes: Uint8Array) => void
}

export type SandboxExit =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'killed'; readonly by: SandboxExcess | 'signal' }

/** What a job had too much of; `disk` is space, `files` their number, `tasks` processes and threads. */
export type SandboxExcess = 'memory' | 'time' | 'disk' | 'files' | 'tasks'

/** What can run a build's programs: a systemd unit over a stack, or a process over this machine. */
export interface SandboxRunner {
  /** In words for the screen. */
  readonly description: string
  /** Whether `binds` may appear at another place than they have on the machine. */
  readonly hasOwnRoot: boolean
  /** Who owns the files that jobs write; null: the agent's own user. */
  readonly owner: { readonly uid: number; readonly gid: number } | null
  /** Resolves when all processes are gone. Aborting ends them and throws HearthError `gone`. */
  run(job: SandboxJob, signal: AbortSignal): Promise<SandboxExit>
}
