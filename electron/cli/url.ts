import net from 'node:net'
import { embeddedId } from '../core/servers.ts'
import type { Place, Session } from './session.ts'

/** Where an app answers on this computer: through the desktop while it runs, else by its own address if it has one. */
export async function urlOf(
  { core }: Session,
  { serverId, app }: Pick<Place, 'serverId' | 'app'>,
): Promise<string | null> {
  const port = core.settings.gatewayPort
  const isDesktopThere = !(serverId === embeddedId && core.isEmbeddedOwner())
  if (port !== null && isDesktopThere && (await listens(port))) return `http://${app.name}.localhost:${port}`
  return app.web_url?.replace(/\/$/, '') ?? null
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port }, () => finish(true))
    const finish = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.on('error', () => finish(false))
  })
}
