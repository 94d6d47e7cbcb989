import { z } from 'zod'
import { account } from './account.ts'
import { app, appCreate, appUpdate } from './app.ts'
import { build, buildCreate, queuedBuild } from './build.ts'
import { buildpackInstallation, buildpackInstallationsUpdate } from './buildpack-installation.ts'
import { configVars, configVarsUpdate } from './config-vars.ts'
import { domain, domainCreate } from './domain.ts'
import { dyno, dynoCreate, dynoResize, dynoStatus } from './dyno.ts'
import { endpoint } from './endpoint.ts'
import { dynoSize, formation, formationBatchUpdate, formationUpdate } from './formation.ts'
import { logSession, logSessionCreate } from './log-session.ts'
import { region } from './region.ts'
import { release, releaseCreate, releaseLink, releaseState } from './release.ts'
import { server, serverStatus } from './server.ts'
import { slug } from './slug.ts'
import { source, sourceBlobsReceived, sourceManifest, sourceManifestCreate } from './source.ts'
import { stack } from './stack.ts'

/**
 * Every request that the agent answers. The API serves exactly this table and the agent client is typed by it.
 * `{app}` is a name or an id; `{release}` an id or a version number; `{dyno}` a name or an id.
 */
export const endpoints = {
  getAccount: endpoint('GET', '/account', { response: account }),

  listApps: endpoint('GET', '/apps', { response: z.array(app) }),
  createApp: endpoint('POST', '/apps', { request: appCreate, response: app, status: 201 }),
  getApp: endpoint('GET', '/apps/{app}', { response: app }),
  updateApp: endpoint('PATCH', '/apps/{app}', { request: appUpdate, response: app }),
  destroyApp: endpoint('DELETE', '/apps/{app}', { response: app }),

  createSource: endpoint('POST', '/sources', { response: source, status: 201 }),
  createAppSource: endpoint('POST', '/apps/{app}/sources', { response: source, status: 201 }),
  createSourceManifest: endpoint('POST', '/apps/{app}/source-manifests', {
    request: sourceManifestCreate,
    response: sourceManifest,
    status: 201,
  }),
  putSourceBlobs: endpoint('PUT', '/apps/{app}/source-manifests/{manifest}/blobs', {
    request: 'bytes',
    response: sourceBlobsReceived,
  }),

  listBuilds: endpoint('GET', '/apps/{app}/builds', { response: z.array(build) }),
  createBuild: endpoint('POST', '/apps/{app}/builds', { request: buildCreate, response: build, status: 201 }),
  getBuild: endpoint('GET', '/apps/{app}/builds/{build}', { response: build }),
  cancelBuild: endpoint('POST', '/apps/{app}/builds/{build}/actions/cancel', { response: build }),
  destroyBuildCache: endpoint('DELETE', '/apps/{app}/builds/cache', { status: 204 }),
  listBuildQueue: endpoint('GET', '/server/builds', { response: z.array(queuedBuild) }),

  getSlug: endpoint('GET', '/apps/{app}/slugs/{slug}', { response: slug }),

  listReleases: endpoint('GET', '/apps/{app}/releases', { response: z.array(release) }),
  createRelease: endpoint('POST', '/apps/{app}/releases', { request: releaseCreate, response: release, status: 201 }),
  getRelease: endpoint('GET', '/apps/{app}/releases/{release}', { response: release }),
  getReleaseConfigVars: endpoint('GET', '/apps/{app}/releases/{release}/config-vars', { response: configVars }),
  listReleaseStates: endpoint('GET', '/apps/{app}/release-states', { response: z.array(releaseState) }),
  listReleaseLinks: endpoint('GET', '/apps/{app}/release-links', { response: z.array(releaseLink) }),

  listFormation: endpoint('GET', '/apps/{app}/formation', { response: z.array(formation) }),
  updateFormation: endpoint('PATCH', '/apps/{app}/formation', {
    request: formationBatchUpdate,
    response: z.array(formation),
  }),
  getFormationType: endpoint('GET', '/apps/{app}/formation/{type}', { response: formation }),
  updateFormationType: endpoint('PATCH', '/apps/{app}/formation/{type}', {
    request: formationUpdate,
    response: formation,
  }),
  listDynoSizes: endpoint('GET', '/dyno-sizes', { response: z.array(dynoSize) }),

  listDynos: endpoint('GET', '/apps/{app}/dynos', { response: z.array(dyno) }),
  getDyno: endpoint('GET', '/apps/{app}/dynos/{dyno}', { response: dyno }),
  createDyno: endpoint('POST', '/apps/{app}/dynos', { request: dynoCreate, response: dyno, status: 201 }),
  restartAllDynos: endpoint('DELETE', '/apps/{app}/dynos', { status: 202 }),
  restartDyno: endpoint('DELETE', '/apps/{app}/dynos/{dyno}', { status: 202 }),
  restartFormationType: endpoint('DELETE', '/apps/{app}/formations/{type}', { status: 202 }),
  stopDyno: endpoint('POST', '/apps/{app}/dynos/{dyno}/actions/stop', { status: 202 }),
  resizeDyno: endpoint('POST', '/apps/{app}/dynos/{dyno}/actions/resize', { request: dynoResize, status: 204 }),
  listDynoStatuses: endpoint('GET', '/apps/{app}/dyno-statuses', { response: z.array(dynoStatus) }),

  getConfigVars: endpoint('GET', '/apps/{app}/config-vars', { response: configVars }),
  updateConfigVars: endpoint('PATCH', '/apps/{app}/config-vars', { request: configVarsUpdate, response: configVars }),

  listDomains: endpoint('GET', '/apps/{app}/domains', { response: z.array(domain) }),
  createDomain: endpoint('POST', '/apps/{app}/domains', { request: domainCreate, response: domain, status: 201 }),
  getDomain: endpoint('GET', '/apps/{app}/domains/{domain}', { response: domain }),
  destroyDomain: endpoint('DELETE', '/apps/{app}/domains/{domain}', { response: domain }),

  listBuildpackInstallations: endpoint('GET', '/apps/{app}/buildpack-installations', {
    response: z.array(buildpackInstallation),
  }),
  updateBuildpackInstallations: endpoint('PUT', '/apps/{app}/buildpack-installations', {
    request: buildpackInstallationsUpdate,
    response: z.array(buildpackInstallation),
  }),

  createLogSession: endpoint('POST', '/apps/{app}/log-sessions', {
    request: logSessionCreate,
    response: logSession,
    status: 201,
  }),

  listStacks: endpoint('GET', '/stacks', { response: z.array(stack) }),
  listRegions: endpoint('GET', '/regions', { response: z.array(region) }),

  getServer: endpoint('GET', '/server', { response: server }),
  getServerStatus: endpoint('GET', '/server/status', { response: serverStatus }),
  /** `application/x-ndjson`, one event a line, until the client goes. */
  followEvents: endpoint('GET', '/events', { response: 'bytes' }),
  /** A build's output, a release phase's output, a log session: the secret in the path is the permission. */
  readStream: endpoint('GET', '/streams/{secret}', { response: 'bytes' }),
  /**
   * A one-off dyno's terminal: raw bytes both ways in one exchange; the trailer `hearth-exit-code` ends it. Closing
   * the stream stops the dyno.
   */
  attachDyno: endpoint('POST', '/attach/{secret}', { request: 'bytes', response: 'bytes' }),
  /** What `source.put_url` names: the gzipped tar. */
  putSource: endpoint('PUT', '/source-blobs/{secret}', { request: 'bytes', status: 200 }),
} as const

export type Endpoints = typeof endpoints
export type EndpointName = keyof Endpoints
