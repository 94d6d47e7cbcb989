import type { Buildpack } from '../../contract/buildpack.ts'
import type { KnownBuildpack } from '../../core/ports/builder.ts'

export function buildpackResource({ name: full, language }: KnownBuildpack): Buildpack {
  const [namespace = '', name = ''] = full.split('/')
  return {
    namespace,
    name,
    category: 'languages',
    description: `${language}, as this server builds it`,
    blob_url: full,
  }
}
