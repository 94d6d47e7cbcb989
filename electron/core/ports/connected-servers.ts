import type { Agent } from './agent.ts'

/** A server as the rest of the core needs it: its name, and its agent when it is there. */
export interface ServerName {
  readonly id: string
  readonly name: string
  readonly isOnline: boolean
}

export interface ConnectedServers {
  names(): readonly ServerName[]
  /** Throws HearthError `unavailable` that says why while the server is offline, `not_found` for an unknown one. */
  agent(serverId: string): Agent
}
