import type { Source } from '../../contract/source.ts'
import type { Calls } from '../call.ts'
import type { Context } from '../context.ts'
import { findApp } from '../find.ts'

/** Calls about sources on their way to a build. */
export function openSourceCalls(context: Context) {
  const { store, sources } = context
  const createSource = async (): Promise<Source> => {
    const { secret } = await sources.createBlob()
    const path = `/source-blobs/${secret}`
    return { source_blob: { get_url: path, put_url: path } }
  }
  return {
    createSource,
    async createAppSource({ parameters }) {
      findApp(store, parameters.app)
      return createSource()
    },
    async createSourceManifest({ parameters, body }) {
      const app = findApp(store, parameters.app)
      const { id, missing, missingBytes } = await sources.createManifest(app.id, body.files)
      return { id, missing, missing_bytes: missingBytes, url: `manifest:${id}` }
    },
  } satisfies Partial<Calls>
}
