import type { Buildpack } from '../../contract/builds/buildpack.ts'
import type { KnownBuildpack } from '../../contract/builds/built-in-buildpacks.ts'

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
