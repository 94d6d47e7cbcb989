import type { AgentDoor } from '../../core/ports/agent-door.ts'
import type { Attachments } from './attachments.ts'

/** What opening a terminal needs of the port that it was asked for at. */
export interface AttachContext {
  readonly serverId: string
  readonly attachments: Attachments
  readonly openDoor: () => Promise<AgentDoor>
  readonly onError: (message: string, error: unknown) => void
}
