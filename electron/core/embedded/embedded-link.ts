import type { OpenDoor } from '../ports/agent-door.ts'
import type { Link, OpenAgent } from '../ports/link.ts'
import { SharedDoor } from '../servers/shared-door.ts'
import type { EmbeddedServer } from './embedded-server.ts'

export interface OwnsEmbedded {
  /** The server was started by this process and ends with it. */
  isOwner(): boolean
}

/** The way to "This computer": its agent's socket, no SSH between. */
export function linkEmbedded(
  open: () => Promise<EmbeddedServer>,
  { openAgent, openDoor }: { openAgent: OpenAgent; openDoor: OpenDoor },
): Link & OwnsEmbedded {
  let server: EmbeddedServer | null = null
  return {
    // Opened by the first connection: a command that talks to another server must not start this one.
    async connect() {
      server ??= await open()
      const opened = server
      const token = () => opened.token()
      const door = new SharedDoor(async () => openDoor({ socket: await opened.openSocket(), token }))
      const agent = await openAgent({ socket: await opened.openSocket(), token })
      return {
        agent,
        openDoor: () => door.open(),
        openRouter: () => opened.openRouter(),
        async close() {
          await Promise.all([door.close(), agent.close()])
        },
      }
    },
    close: async () => server?.close(),
    isOwner: () => server?.isOwner ?? false,
  }
}
