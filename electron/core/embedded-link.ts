import type { EmbeddedServer } from './embedded-server.ts'
import type { Link, OpenAgent } from './ports/link.ts'

/** The way to "This computer": its agent's socket, no SSH between. */
export function linkEmbedded(server: EmbeddedServer, openAgent: OpenAgent): Link {
  return {
    async connect() {
      const agent = await openAgent({ socket: await server.openSocket(), token: () => server.token() })
      return { agent, openRouter: () => server.openRouter(), close: () => agent.close() }
    },
    close: () => server.close(),
  }
}
