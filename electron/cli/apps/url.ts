import { paths } from '../../config.ts'
import { findGateway } from '../../core/gateway-address.ts'
import type { Place, Session } from '../session.ts'

/** Where an app answers on this computer: through the desktop while it runs, else by its own address if it has one. */
export async function urlOf({ core }: Session, { app }: Pick<Place, 'app'>): Promise<string | null> {
  const port = await findGateway(paths.gateway(core.config))
  return port === null ? (app.web_url?.replace(/\/$/, '') ?? null) : `http://${app.name}.localhost:${port}`
}
