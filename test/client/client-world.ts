// What the suite's files share: one server with Hearth, and one desktop that serves it, both of the process that runs vitest.
import type { ClientVersion } from './install-client.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    world: ClientWorld
  }
}

export interface ClientWorld {
  /** The desktop's; `hearth` commands of the suite run in it. */
  readonly home: string
  readonly server: string
  /** The gateway's port of 127.0.0.1. */
  readonly port: number
  /** Where the clients lie, by version. */
  readonly programs: Readonly<Record<ClientVersion, string>>
  /** Where each test file leaves what it saw of the client's commands. */
  readonly outcomes: string
}
