import type { Console } from './console.ts'
import type { Session } from './session.ts'

export interface CommandOption {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** What stands for the value in the help: `NAME`. */
  readonly placeholder?: string
  readonly summary: string
}

export type CommandOptions = Readonly<Record<string, CommandOption>>

/** One command of the table: what it is called, what it takes, what it does. */
export interface Command {
  /** `config set`: a word for the group, a word for the deed. */
  readonly name: string
  /** Its parameters as the help shows them: `[FOLDER]`. */
  readonly parameters?: string
  readonly summary: string
  readonly options?: CommandOptions
  /** How many words may follow; none when left out. */
  readonly words?: readonly [minimum: number, maximum: number]
  /** From the first word on everything belongs to another command line and is not read as options. */
  readonly takesCommandLine?: boolean
  /** Streams to the console itself and returns nothing, or returns what is to be shown. */
  run(call: Call): Promise<Answer | undefined>
}

/** What a command has to show: one JSON document, or the same for people. */
export interface Answer {
  readonly data: unknown
  readonly text: string
  readonly exitCode?: number
}

export interface Call {
  readonly words: readonly string[]
  readonly values: Values
  readonly console: Console
  /** Where the user stands, for relative paths. */
  readonly directory: string
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** Ctrl-C is for the program that this command has started in the same terminal. */
  leaveInterrupts(): void
  /** Opens the core at the first use: help needs none. */
  session(): Promise<Session>
}

/** The options that were given. */
export class Values {
  readonly #values: Readonly<Record<string, string | boolean | undefined>>

  constructor(values: Readonly<Record<string, string | boolean | undefined>>) {
    this.#values = values
  }

  text(name: string): string | undefined {
    const value = this.#values[name]
    return typeof value === 'string' ? value : undefined
  }

  has(name: string): boolean {
    return this.#values[name] === true
  }
}

export const serverOption: CommandOptions = {
  server: { type: 'string', short: 's', placeholder: 'NAME', summary: 'the server, by name or id' },
}

export const appOption: CommandOptions = {
  app: { type: 'string', short: 'a', placeholder: 'NAME', summary: 'the app; not needed where there is only one' },
  ...serverOption,
}
