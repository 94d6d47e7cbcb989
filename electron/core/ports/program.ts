/** A long-running program of ours with its own process group. */
export interface Program {
  readonly pid: number
  /** Resolves once it is gone: `status 1`, `signal SIGKILL`. */
  readonly exit: Promise<string>
  /** Signals the program alone; what it started is its own to end. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void
}

export interface ProgramOptions {
  readonly command: readonly [program: string, ...parameters: string[]]
  /** What it prints is appended here by the program itself, so that it outlives us without a broken pipe. */
  readonly logPath: string
}

export type StartProgram = (options: ProgramOptions) => Promise<Program>
