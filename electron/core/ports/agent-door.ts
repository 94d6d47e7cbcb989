import type { Duplex, Readable, Writable } from 'node:stream'

/** A request for the agent as somebody else made it. Header names are lower-case; none is of one connection only. */
export interface DoorRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[]>>
  /** Whether this desktop's token goes with it. Paths that hold their permission need none. */
  readonly isAuthorized: boolean
}

export interface DoorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Ends with an error when the agent or the way to it broke before the answer was whole. */
  readonly body: Readable
  /** What came after the body; empty without. Read it once the body has ended. */
  trailers(): Readonly<Record<string, string | string[] | undefined>>
}

export interface Exchange {
  /** The request's body; end it, or destroy it to give the whole exchange up. */
  readonly request: Writable
  /** Rejects with HearthError `unavailable` when the connection ends first. */
  readonly answer: Promise<DoorAnswer>
  /** Gives up: the agent sees it at once. */
  close(): void
}

/** A way for whole requests to one server's agent, with back-pressure in both directions. */
export interface AgentDoor {
  open(request: DoorRequest): Promise<Exchange>
  /** Resolves when no more requests can pass. */
  readonly closed: Promise<unknown>
  close(): Promise<void>
}

/** Speaks the agent's protocol for requests of others; electron/agent-client has it. */
export type OpenDoor = (options: { socket: Duplex; token: () => Promise<string> }) => Promise<AgentDoor>
