import { z } from 'zod'
import { configVars } from '../apps/config-vars.ts'
import { endpoint } from '../endpoint.ts'
import { release, releaseCreate, releaseLink, releaseState } from '../releases/release.ts'

/** Releases and what is known of them. */
export const releaseEndpoints = {
  listReleases: endpoint('GET', '/apps/{app}/releases', {
    needs: 'view',
    tier: 1,
    ranges: ['version', 'id', 'created_at'],
    response: z.array(release),
  }),
  createRelease: endpoint('POST', '/apps/{app}/releases', {
    needs: 'deploy',
    tier: 1,
    partly: 'of a slug or an earlier release, not of an image',
    request: releaseCreate,
    response: release,
    status: 201,
  }),
  getRelease: endpoint('GET', '/apps/{app}/releases/{release}', { needs: 'view', tier: 1, response: release }),
  getReleaseConfigVars: endpoint('GET', '/apps/{app}/releases/{release}/config-vars', {
    needs: 'deploy',
    tier: 1,
    response: configVars,
  }),
  listReleaseStates: endpoint('GET', '/apps/{app}/release-states', { needs: 'view', response: z.array(releaseState) }),
  /** Not for *view*: a few short config vars could be guessed by their digest and its salt. */
  listReleaseLinks: endpoint('GET', '/apps/{app}/release-links', { needs: 'deploy', response: z.array(releaseLink) }),
} as const
