import type { Agent } from '../core/ports/agent.ts'
import { Http2Agent } from './http2-agent.ts'
import { openSession, type SessionOptions } from './session.ts'

export interface OpenAgentOptions extends SessionOptions {
  /** A valid token; asked for before each request, so that it may be kept and renewed. */
  readonly token: () => Promise<string>
}

/** The contract's endpoints over a connection to the agent's socket. */
export async function openAgent(options: OpenAgentOptions): Promise<Agent> {
  const opened = await openSession(options, { streamBytes: 4 << 20, connectionBytes: 16 << 20 })
  return new Http2Agent(opened.session, { ...opened, token: options.token })
}
