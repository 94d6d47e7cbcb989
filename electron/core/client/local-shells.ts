import { HearthError } from '../../../agent/contract/errors.ts'
import type { LocalTerminal, LocalTerminalSize, StartLocalTerminal } from '../ports/local-terminal.ts'
import type { ClientSetup } from './client-setup.ts'
import type { Environment } from './environment.ts'
import { findProgram } from './find-program.ts'
import { planShellStart, writeStartFiles } from './shell-start.ts'

export interface LocalShellsOptions {
  readonly setup: ClientSetup
  readonly start: StartLocalTerminal
  readonly nameOf: (serverId: string) => string
  /** Where an app's shell begins: the folder that it was deployed from last, or the user's home. */
  readonly folderOf: (serverId: string, app: string | null) => Promise<string>
  /** The user's shell and environment. */
  readonly program: string
  readonly environment: Environment
}

export interface ShellRequest {
  readonly serverId: string
  /** What commands mean that name no app. */
  readonly app: string | null
  readonly size: LocalTerminalSize
}

/** More than anybody looks at; whoever opens as many is no person. */
const maximumOpen = 16

/**
 * Shells of this computer for the heroku client and git, as a window shows them. Which program, where and with what
 * environment is decided here: a window names a server and an app.
 */
export class LocalShells {
  readonly #options: LocalShellsOptions
  readonly #open = new Set<LocalTerminal>()

  constructor(options: LocalShellsOptions) {
    this.#options = options
  }

  async open({ serverId, app, size }: ShellRequest): Promise<LocalTerminal> {
    const { setup, start, nameOf, folderOf, program } = this.#options
    if (this.#open.size >= maximumOpen)
      throw new HearthError('conflict', `There are ${maximumOpen} terminals of this computer open. Close one first.`)
    const { environment, folder, user } = await setup.prepare(serverId, app, this.#options.environment)
    const plan = planShellStart({ program, serverName: nameOf(serverId), environment, folder: folder.shell, user })
    await writeStartFiles(plan)
    const terminal = await start({
      command: plan.command,
      directory: await folderOf(serverId, app),
      environment: merge({ ...this.#options.environment, TERM: 'xterm-256color', ...plan.environment }),
      size,
    })
    this.#open.add(terminal)
    void terminal.exit.then(() => this.#open.delete(terminal))
    return terminal
  }

  /** Whether there is a client to use in it. */
  async hasHeroku(): Promise<boolean> {
    return (await findProgram('heroku', this.#options.environment)) !== null
  }

  close(): void {
    for (const terminal of this.#open) terminal.close()
  }
}

function merge(environment: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
