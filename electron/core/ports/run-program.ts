export interface ProgramRun {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a short program to its end. Throws HearthError when it can't be started; a status is never thrown. */
export type RunProgram = (
  command: readonly [program: string, ...parameters: string[]],
  options?: { readonly cwd?: string },
) => Promise<ProgramRun>
