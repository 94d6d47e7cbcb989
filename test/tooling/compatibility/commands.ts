// The stock client's commands that work, and what they ask of the agent. What does not work is in agent/contract/elsewhere.
import type { EndpointName } from '../../../agent/contract/endpoints.ts'

interface Command {
  /** In order; the types complain when an endpoint goes that a command needs. */
  readonly asks: readonly EndpointName[]
  readonly note?: string
}

const newestRelease = 'listReleases'

export const commands: Readonly<Record<string, Command>> = {
  apps: { asks: ['listUserApps', 'getAccount'], note: 'In brackets: the server.' },
  'apps:create': {
    asks: ['createApp', 'updateBuildpackInstallations', 'updateConfigVars'],
    note: 'Without `--team`, `--space` and `--addons`; `--region` and `--stack` are the server’s own.',
  },
  'apps:info': { asks: ['getApp', 'listAppAddons', 'listDynos'] },
  'apps:rename': { asks: ['updateApp'] },
  'apps:destroy': { asks: ['getApp', 'destroyApp'] },
  'apps:open': { asks: ['getApp'] },
  'apps:stacks': { asks: ['getApp', 'listStacks'] },
  'auth:whoami': { asks: ['getAccount'] },
  'auth:token': { asks: ['listAuthorizations'] },
  addons: { asks: ['listAddons', 'listAppAddons', 'listAddonAttachments'], note: 'Says that there are none.' },
  'addons:services': { asks: ['listAddonServices'], note: 'Says that there are none.' },
  buildpacks: { asks: ['getApp', 'listBuildpackInstallations'] },
  'buildpacks:add': { asks: ['getBuildpack', 'listBuildpackInstallations', 'updateBuildpackInstallations'] },
  'buildpacks:set': {
    asks: ['getBuildpack', 'listBuildpackInstallations', 'updateBuildpackInstallations'],
    note: 'Names are those of built-in buildpacks, ours and Heroku’s for them (`heroku/nodejs`); others by URL.',
  },
  'buildpacks:remove': { asks: ['listBuildpackInstallations', 'updateBuildpackInstallations'] },
  'buildpacks:clear': { asks: ['updateBuildpackInstallations', 'getConfigVars'] },
  'buildpacks:search': { asks: ['listBuildpacks'], note: 'Lists all that are built in, whatever is searched for.' },
  certs: { asks: ['listSniEndpoints'], note: 'Says that there are none.' },
  config: { asks: ['getConfigVars'] },
  'config:get': { asks: ['getConfigVars'] },
  'config:set': { asks: ['updateConfigVars', newestRelease] },
  'config:unset': { asks: ['getConfigVars', 'updateConfigVars', newestRelease] },
  'config:edit': { asks: ['getConfigVars', 'updateConfigVars'] },
  domains: { asks: ['listDomains'] },
  'domains:add': { asks: ['listSniEndpoints', 'createDomain'] },
  'domains:info': { asks: ['getDomain'] },
  'domains:remove': { asks: ['destroyDomain'] },
  'domains:clear': { asks: ['listDomains', 'destroyDomain'] },
  drains: { asks: ['listLogDrains'] },
  'drains:add': { asks: ['createLogDrain'] },
  'drains:remove': { asks: ['destroyLogDrain'] },
  features: { asks: ['listAppFeatures'] },
  'features:info': { asks: ['getAppFeature'] },
  'features:enable': { asks: ['getAppFeature', 'updateAppFeature'], note: 'What there is is always on.' },
  'git:clone': { asks: ['getApp'] },
  'git:remote': { asks: ['getApp'] },
  labs: { asks: ['listAccountFeatures', 'listAppFeatures'] },
  local: { asks: [], note: 'Asks no server.' },
  logs: { asks: ['getApp', 'createLogSession', 'readStream'] },
  maintenance: { asks: ['getApp'] },
  'maintenance:on': { asks: ['updateApp'] },
  'maintenance:off': { asks: ['updateApp'] },
  orgs: { asks: ['listTeams'], note: 'Says that there are none.' },
  pipelines: { asks: ['listPipelines'], note: 'Says that there are none.' },
  ps: { asks: ['getAccount', 'getApp', 'listDynos'] },
  'ps:restart': { asks: ['restartAllDynos', 'restartDyno', 'restartFormationType'] },
  'ps:scale': { asks: ['getApp', 'listFormation', 'updateFormation'] },
  'ps:stop': { asks: ['stopDyno', 'stopFormationType'] },
  'ps:type': {
    asks: ['listFormation', 'updateFormation', 'getApp'],
    note: 'Sizes are ours: small, standard, large, xlarge, huge. Heroku’s names are not understood.',
  },
  'ps:wait': { asks: [newestRelease, 'listDynos'] },
  regions: { asks: ['listRegions'], note: 'The one region is the server.' },
  releases: { asks: ['listReleases'] },
  'releases:info': { asks: ['getRelease', 'getReleaseConfigVars'] },
  'releases:output': { asks: ['getRelease', 'readStream'] },
  'releases:retry': { asks: ['listFormation', 'createRelease'] },
  'releases:rollback': { asks: ['listReleases', 'createRelease', 'readStream'] },
  run: { asks: ['getApp', 'getAccount', 'createDyno', 'getDyno', 'attachDyno'] },
  'run:detached': { asks: ['getApp', 'createDyno', 'createLogSession'] },
  spaces: { asks: ['listSpaces'], note: 'Says that there are none.' },
  teams: { asks: ['listTeams'], note: 'Says that there are none.' },
  webhooks: { asks: ['listWebhooks'], note: 'Says that there are none.' },
}
