import { z } from 'zod'
import { build, buildCreate, queuedBuild } from '../builds/build.ts'
import { buildpack } from '../builds/buildpack.ts'
import { buildpackInstallation, buildpackInstallationsUpdate } from '../builds/buildpack-installation.ts'
import { pushedImage, pushedImageCreate } from '../builds/pushed-image.ts'
import { endpoint } from '../endpoint.ts'
import { slug, slugCreate } from '../releases/slug.ts'
import { slugFiles } from '../releases/slug-files.ts'
import { slugWeight } from '../releases/slug-weight.ts'
import { source, sourceBlobsReceived, sourceManifest, sourceManifestCreate } from '../sources/source.ts'

/** From source to slug. */
export const buildEndpoints = {
  createSource: endpoint('POST', '/sources', { needs: 'server deploy', tier: 1, response: source, status: 201 }),
  createAppSource: endpoint('POST', '/apps/{app}/sources', { needs: 'deploy', tier: 1, response: source, status: 201 }),
  /** What `source.put_url` names: the gzipped tar. */
  putSource: endpoint('PUT', '/source-blobs/{secret}', { needs: 'sealed', request: 'bytes', status: 200 }),
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
  listBuilds: endpoint('GET', '/apps/{app}/builds', {
    needs: 'view',
    tier: 1,
    ranges: ['created_at', 'id'],
    response: z.array(build),
  }),
  createBuild: endpoint('POST', '/apps/{app}/builds', {
    needs: 'deploy',
    tier: 1,
    request: buildCreate,
    response: build,
    status: 201,
  }),
  getBuild: endpoint('GET', '/apps/{app}/builds/{build}', { needs: 'view', tier: 1, response: build }),
  cancelBuild: endpoint('DELETE', '/apps/{app}/builds/{build}', { needs: 'deploy', tier: 1, response: build }),
  destroyBuildCache: endpoint('DELETE', '/apps/{app}/build-cache', { needs: 'deploy', tier: 1, status: 204 }),
  listBuildQueue: endpoint('GET', '/server/builds', { needs: 'anyone', response: z.array(queuedBuild) }),
  listPushedImages: endpoint('GET', '/apps/{app}/images', { needs: 'view', response: z.array(pushedImage) }),
  /** Keeps an image whose content was sent, for a process type, in place of the one before. */
  putPushedImage: endpoint('PUT', '/apps/{app}/images/{type}', {
    needs: 'deploy',
    request: pushedImageCreate,
    response: pushedImage,
  }),
  createSlug: endpoint('POST', '/apps/{app}/slugs', {
    needs: 'deploy',
    tier: 2,
    request: slugCreate,
    response: slug,
    status: 201,
  }),
  getSlug: endpoint('GET', '/apps/{app}/slugs/{slug}', { needs: 'view', tier: 2, response: slug }),
  listSlugFiles: endpoint('GET', '/apps/{app}/slugs/{slug}/files', { needs: 'view', response: slugFiles }),
  /** Extension: gone through when it is asked for. */
  getSlugWeight: endpoint('GET', '/apps/{app}/slugs/{slug}/weight', { needs: 'view', response: slugWeight }),
  listBuildpackInstallations: endpoint('GET', '/apps/{app}/buildpack-installations', {
    needs: 'view',
    tier: 1,
    ranges: ['ordinal'],
    response: z.array(buildpackInstallation),
  }),
  updateBuildpackInstallations: endpoint('PUT', '/apps/{app}/buildpack-installations', {
    needs: 'deploy',
    tier: 1,
    request: buildpackInstallationsUpdate,
    response: z.array(buildpackInstallation),
  }),
  /** Few enough to be listed whole, whatever the search asks for. */
  listBuildpacks: endpoint('GET', '/buildpacks', {
    needs: 'anyone',
    tier: 2,
    partly: 'of the buildpack registry; whatever is searched for, all that are built in',
    response: z.array(buildpack),
  }),
  getBuildpack: endpoint('GET', '/buildpacks/{buildpack}', {
    needs: 'anyone',
    tier: 2,
    partly: 'of the buildpack registry; without versions and readme',
    response: buildpack,
  }),
} as const
