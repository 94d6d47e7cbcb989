import type { GatewayTarget } from './app-host.ts'

export type FindServers = (app: string) => readonly GatewayTarget[] | Promise<readonly GatewayTarget[]>

const rememberedMs = 2_000
const maximumRemembered = 200

/**
 * A page with its fifty files asks once where its app runs, not fifty times. What is not found is not remembered: an
 * app that was just deployed answers at once.
 */
export function rememberServers(find: FindServers): (app: string) => Promise<readonly GatewayTarget[]> {
  const remembered = new Map<string, { found: Promise<readonly GatewayTarget[]>; untilMs: number }>()
  return async (app) => {
    const known = remembered.get(app)
    if (known && performance.now() < known.untilMs) return known.found
    if (remembered.size >= maximumRemembered) remembered.clear()
    const found = Promise.resolve(find(app))
    remembered.set(app, { found, untilMs: performance.now() + rememberedMs })
    const forget = () => remembered.delete(app)
    found.then((servers) => servers.length === 0 && forget(), forget)
    return found
  }
}
