import type { CallName, Change } from '../../electron/bridge/contract.ts'

/** Which changes make the answer to a call old. Calls that are not named are never asked again by themselves. */
const topicsOf: Partial<Record<CallName, readonly Change['topic'][]>> = {
  'servers.list': ['servers', 'server'],
  'servers.status': ['server'],
  'servers.podman': ['servers', 'server'],
  'apps.list': ['apps', 'releases', 'formation', 'dynos', 'servers', 'server'],
  'apps.get': ['apps', 'releases', 'formation', 'dynos', 'servers', 'server'],
  'formation.list': ['formation', 'releases'],
  'dynos.list': ['dynos', 'formation'],
  'configVars.get': ['config-vars', 'releases'],
  'domains.list': ['domains', 'apps'],
  'certificates.list': ['domains', 'apps'],
  'httpsSettings.get': ['apps'],
  'features.list': ['apps'],
  'buildpacks.list': ['buildpacks'],
  'dynoSettings.get': ['apps'],
  'repository.get': ['apps'],
  'releases.list': ['releases', 'ledger'],
  'releases.difference': ['releases', 'formation', 'ledger'],
  'ledger.list': ['releases', 'ledger'],
  'ledger.findings': ['ledger'],
  'deploys.list': ['deploys'],
  'deploys.watched': ['deploys'],
  'client.get': ['servers'],
  'access.own': ['access', 'apps', 'servers', 'server'],
  'access.app': ['access', 'apps'],
  'access.people': ['access', 'apps'],
  'activity.list': ['activity'],
  'ownKeys.list': ['access'],
  'settings.get': ['settings'],
  'desktop.about': ['settings'],
}

/**
 * An app is addressed by name in some places and by id in others, so an app's change refreshes all that is shown of
 * its server: at most a handful of small calls.
 */
export function isTouchedBy(name: CallName, parameters: Record<string, unknown>, change: Change): boolean {
  if (!topicsOf[name]?.includes(change.topic)) return false
  const { serverId } = parameters
  return serverId === undefined || change.serverId === null || change.serverId === serverId
}
