export interface ProgramRun {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a short program to its end. Throws HearthError when it can't be started; a status is never thrown. */
export type RunProgram = (
  command: readonly [program: string, ...parameters: string[]],
  options?: {
    readonly cwd?: string
    /** Added to the desktop's own environment; null takes a variable away. */
    readonly environment?: Readonly<Record<string, string | null>>
    /** In a session of its own, without a terminal to ask on. */
    readonly isDetached?: boolean
    /** Kills it. */
    readonly signal?: AbortSignal
  },
) => Promise<ProgramRun>
