import type { Duplex } from 'node:stream'
import type { Agent } from './agent.ts'
import type { AgentDoor } from './agent-door.ts'

/** One way to a server's agent: SSH, or the socket of the embedded server. */
export interface Link {
  /** A new connection. Throws HearthError that says why there is none; HostKeyError when the host is another. */
  connect(signal: AbortSignal): Promise<LinkedAgent>
  /** Lets go of what is kept between connections. */
  close(): Promise<void>
}

/** A connected agent, and the other ways to its server on the same connection. */
export interface LinkedAgent {
  readonly agent: Agent
  /** The way for requests of others to the same agent, beside the desktop's own and on the same connection; one for all. */
  openDoor(): Promise<AgentDoor>
  /** A connection to where the server's router takes HTTP. */
  openRouter(): Promise<Duplex>
  /** Ends the connection with everything on it. */
  close(): Promise<void>
}

/** Speaks the agent's protocol over a connection; electron/agent-client has it. */
export type OpenAgent = (options: { socket: Duplex; token: () => Promise<string> }) => Promise<Agent>
