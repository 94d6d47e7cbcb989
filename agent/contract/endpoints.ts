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
  getAccount: endpoint('GET', '/account', { needs: 'anyone', response: account }),

  listApps: endpoint('GET', '/apps', { needs: 'anyone', response: z.array(app) }),
  createApp: endpoint('POST', '/apps', { needs: 'server deploy', request: appCreate, response: app, status: 201 }),
  getApp: endpoint('GET', '/apps/{app}', { needs: 'view', response: app }),
  updateApp: endpoint('PATCH', '/apps/{app}', { needs: 'manage', request: appUpdate, response: app }),
  destroyApp: endpoint('DELETE', '/apps/{app}', { needs: 'manage', response: app }),

  createSource: endpoint('POST', '/sources', { needs: 'server deploy', response: source, status: 201 }),
  createAppSource: endpoint('POST', '/apps/{app}/sources', { needs: 'deploy', response: source, status: 201 }),
  createSourceManifest: endpoint('POST', '/apps/{app}/source-manifests', {
    needs: 'deploy',
    request: sourceManifestCreate,
    response: sourceManifest,
    status: 201,
  }),
  putSourceBlobs: endpoint('PUT', '/apps/{app}/source-manifests/{manifest}/blobs', {
    needs: 'deploy',
    request: 'bytes',
    response: sourceBlobsReceived,
  }),

  listBuilds: endpoint('GET', '/apps/{app}/builds', { needs: 'view', response: z.array(build) }),
  createBuild: endpoint('POST', '/apps/{app}/builds', {
    needs: 'deploy',
    request: buildCreate,
    response: build,
    status: 201,
  }),
  getBuild: endpoint('GET', '/apps/{app}/builds/{build}', { needs: 'view', response: build }),
  cancelBuild: endpoint('POST', '/apps/{app}/builds/{build}/actions/cancel', { needs: 'deploy', response: build }),
  destroyBuildCache: endpoint('DELETE', '/apps/{app}/builds/cache', { needs: 'deploy', status: 204 }),
  listBuildQueue: endpoint('GET', '/server/builds', { needs: 'anyone', response: z.array(queuedBuild) }),

  getSlug: endpoint('GET', '/apps/{app}/slugs/{slug}', { needs: 'view', response: slug }),

  listReleases: endpoint('GET', '/apps/{app}/releases', { needs: 'view', response: z.array(release) }),
  createRelease: endpoint('POST', '/apps/{app}/releases', {
    needs: 'deploy',
    request: releaseCreate,
    response: release,
    status: 201,
  }),
  getRelease: endpoint('GET', '/apps/{app}/releases/{release}', { needs: 'view', response: release }),
  getReleaseConfigVars: endpoint('GET', '/apps/{app}/releases/{release}/config-vars', {
    needs: 'deploy',
    response: configVars,
  }),
  listReleaseStates: endpoint('GET', '/apps/{app}/release-states', { needs: 'view', response: z.array(releaseState) }),
  listReleaseLinks: endpoint('GET', '/apps/{app}/release-links', { needs: 'view', response: z.array(releaseLink) }),

  listFormation: endpoint('GET', '/apps/{app}/formation', { needs: 'view', response: z.array(formation) }),
  updateFormation: endpoint('PATCH', '/apps/{app}/formation', {
    needs: 'operate',
    request: formationBatchUpdate,
    response: z.array(formation),
  }),
  getFormationType: endpoint('GET', '/apps/{app}/formation/{type}', { needs: 'view', response: formation }),
  updateFormationType: endpoint('PATCH', '/apps/{app}/formation/{type}', {
    needs: 'operate',
    request: formationUpdate,
    response: formation,
  }),
  listDynoSizes: endpoint('GET', '/dyno-sizes', { needs: 'anyone', response: z.array(dynoSize) }),

  listDynos: endpoint('GET', '/apps/{app}/dynos', { needs: 'view', response: z.array(dyno) }),
  getDyno: endpoint('GET', '/apps/{app}/dynos/{dyno}', { needs: 'view', response: dyno }),
  createDyno: endpoint('POST', '/apps/{app}/dynos', {
    needs: 'operate',
    request: dynoCreate,
    response: dyno,
    status: 201,
  }),
  restartAllDynos: endpoint('DELETE', '/apps/{app}/dynos', { needs: 'operate', status: 202 }),
  restartDyno: endpoint('DELETE', '/apps/{app}/dynos/{dyno}', { needs: 'operate', status: 202 }),
  restartFormationType: endpoint('DELETE', '/apps/{app}/formations/{type}', { needs: 'operate', status: 202 }),
  stopDyno: endpoint('POST', '/apps/{app}/dynos/{dyno}/actions/stop', { needs: 'operate', status: 202 }),
  resizeDyno: endpoint('POST', '/apps/{app}/dynos/{dyno}/actions/resize', {
    needs: 'operate',
    request: dynoResize,
    status: 204,
  }),
  listDynoStatuses: endpoint('GET', '/apps/{app}/dyno-statuses', { needs: 'view', response: z.array(dynoStatus) }),

  getConfigVars: endpoint('GET', '/apps/{app}/config-vars', { needs: 'deploy', response: configVars }),
  updateConfigVars: endpoint('PATCH', '/apps/{app}/config-vars', {
    needs: 'deploy',
    request: configVarsUpdate,
    response: configVars,
  }),

  listDomains: endpoint('GET', '/apps/{app}/domains', { needs: 'view', response: z.array(domain) }),
  createDomain: endpoint('POST', '/apps/{app}/domains', {
    needs: 'operate',
    request: domainCreate,
    response: domain,
    status: 201,
  }),
  getDomain: endpoint('GET', '/apps/{app}/domains/{domain}', { needs: 'view', response: domain }),
  destroyDomain: endpoint('DELETE', '/apps/{app}/domains/{domain}', { needs: 'operate', response: domain }),

  listBuildpackInstallations: endpoint('GET', '/apps/{app}/buildpack-installations', {
    needs: 'view',
    response: z.array(buildpackInstallation),
  }),
  updateBuildpackInstallations: endpoint('PUT', '/apps/{app}/buildpack-installations', {
    needs: 'deploy',
    request: buildpackInstallationsUpdate,
    response: z.array(buildpackInstallation),
  }),

  createLogSession: endpoint('POST', '/apps/{app}/log-sessions', {
    needs: 'view',
    request: logSessionCreate,
    response: logSession,
    status: 201,
  }),

  listStacks: endpoint('GET', '/stacks', { needs: 'anyone', response: z.array(stack) }),
  listRegions: endpoint('GET', '/regions', { needs: 'anyone', response: z.array(region) }),

  getServer: endpoint('GET', '/server', { needs: 'anyone', response: server }),
  getServerStatus: endpoint('GET', '/server/status', { needs: 'anyone', response: serverStatus }),
  /** `application/x-ndjson`, one event a line, until the client goes. */
  followEvents: endpoint('GET', '/events', { needs: 'anyone', response: 'bytes' }),
  /** A build's output, a release phase's output, a log session: the secret in the path is the permission. */
  readStream: endpoint('GET', '/streams/{secret}', { needs: 'sealed', response: 'bytes' }),
  /**
   * A one-off dyno's terminal: raw bytes both ways in one exchange; the trailer `hearth-exit-code` ends it. Closing
   * the stream stops the dyno.
   */
  attachDyno: endpoint('POST', '/attach/{secret}', { needs: 'sealed', request: 'bytes', response: 'bytes' }),
  /** What `source.put_url` names: the gzipped tar. */
  putSource: endpoint('PUT', '/source-blobs/{secret}', { needs: 'sealed', request: 'bytes', status: 200 }),
} as const

export type Endpoints = typeof endpoints
export type EndpointName = keyof Endpoints
