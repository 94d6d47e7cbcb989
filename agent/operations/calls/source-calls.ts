import type { PushedImage } from '../../contract/builds/pushed-image.ts'
import { processType } from '../../contract/common.ts'
import { HearthError } from '../../contract/errors.ts'
import type { Source } from '../../contract/sources/source.ts'
import { logTexts } from '../../core/logs/log-texts.ts'
import { act } from '../access/act.ts'
import type { Calls } from '../call.ts'
import { type Context, timestamp } from '../context.ts'
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
    async listPushedImages({ parameters }) {
      return (await sources.listImages(findApp(store, parameters.app).id)).map(pushedImageResource)
    },
    async putPushedImage({ actor, parameters, body }) {
      const app = findApp(store, parameters.app)
      const image = { type: requireType(parameters.type), id: body.id, at: timestamp(context) }
      await sources.keepImage(app.id, { ...image, manifestId: body.source.replace('manifest:', '') })
      act(context, { app, actor }, logTexts.imagePushed(image.type, image.id))
      return pushedImageResource(image)
    },
  } satisfies Partial<Calls>
}

function requireType(type: string): string {
  if (processType.safeParse(type).success) return type
  throw new HearthError('invalid_params', `"${type.slice(0, 200)}" can't be the name of a process type.`)
}

function pushedImageResource({ type, id, at }: { type: string; id: string; at: string }): PushedImage {
  return { process_type: type, id, pushed_at: at }
}
