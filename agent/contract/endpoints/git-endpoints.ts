import { endpoint } from '../endpoint.ts'
import { repository, repositoryUpdate } from '../sources/repository.ts'

/**
 * An app's git repository. The two services are bytes both ways, in one exchange as over SSH or in HTTP's two halves; the
 * headers and trailers are in `sources/git.ts`. A body may be gzipped, as `content-encoding` says.
 */
export const gitEndpoints = {
  receivePack: endpoint('POST', '/apps/{app}/git/git-receive-pack', {
    needs: 'deploy',
    request: 'bytes',
    response: 'bytes',
  }),
  uploadPack: endpoint('POST', '/apps/{app}/git/git-upload-pack', {
    needs: 'view',
    request: 'bytes',
    response: 'bytes',
  }),
  getRepository: endpoint('GET', '/apps/{app}/repository', { needs: 'view', response: repository }),
  updateRepository: endpoint('PATCH', '/apps/{app}/repository', {
    needs: 'deploy',
    request: repositoryUpdate,
    response: repository,
  }),
} as const
