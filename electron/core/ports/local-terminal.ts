import type { Duplex } from 'node:stream'

export interface LocalTerminalSize {
  readonly columns: number
  readonly rows: number
}

export interface LocalTerminalOptions {
  readonly command: readonly [program: string, ...parameters: string[]]
  readonly directory: string
  /** Everything the program finds in its environment. */
  readonly environment: Readonly<Record<string, string>>
  readonly size: LocalTerminalSize
}

/** A program on a terminal of this computer. */
export interface LocalTerminal {
  /** Written to: what is typed. Read from: what is shown; reading ends when the last program on the terminal has gone. */
  readonly stream: Duplex
  resize(size: LocalTerminalSize): void
  /** What a shell would say of its end. */
  readonly exit: Promise<number>
  /** Hangs up: what still runs on the terminal is told that it is gone. */
  close(): void
}

/** Throws HearthError when the program can't be started, or this platform has no terminals of that kind. */
export type StartLocalTerminal = (options: LocalTerminalOptions) => Promise<LocalTerminal>
