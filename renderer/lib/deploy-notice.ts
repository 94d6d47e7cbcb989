import type { Deploy, Server } from '../../electron/bridge/contract.ts'

/** How a deploy ended, for whoever looks at something else; with one server there is no other to tell apart. */
export function describeEnd(
  { state, serverId, appName, release, url, error }: Deploy,
  servers: readonly Pick<Server, 'id' | 'name'>[],
): { title: string; message: string } {
  const name = servers.find(({ id }) => id === serverId)?.name
  const where = servers.length > 1 && name ? ` on ${name}` : ''
  if (state === 'succeeded')
    return { title: `${appName} v${release?.version ?? ''} serves${where}`, message: url ?? 'Deployed.' }
  const reason = error?.split('\n')[0] ?? 'Open its deploy screen for the build’s output.'
  return { title: `The deploy of ${appName}${where} failed`, message: reason }
}
