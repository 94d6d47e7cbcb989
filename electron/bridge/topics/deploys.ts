import type { DeployRunner } from '../../core/deploy/deploy.ts'
import type { Folders } from '../../core/deploy/folders.ts'
import type { LastFolders } from '../../core/deploy/last-folders.ts'
import { previewFolder } from '../../core/folder/folder-preview.ts'
import { walkFolder } from '../../core/folder/folder-walk.ts'
import type { WatchedFolders } from '../../core/watch/watched-folders.ts'
import type { CallAnswers, StreamAnswers } from '../answers.ts'

/** What a browser tab drops, received into a folder. */
export interface Uploads {
  create(name: string): Promise<string>
  /** Takes the frames of `uploads.receive`; resolves with the number of files. */
  receive(uploadId: string, frames: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number>
}

type Names = Extract<keyof CallAnswers, `deploys.${string}` | `uploads.${string}`>

export interface DeployTopicOptions {
  readonly deploys: DeployRunner
  readonly folders: Folders
  readonly uploads: Uploads
  readonly lastFolders: LastFolders
  readonly watched: WatchedFolders
}

export function answerDeploys({
  deploys,
  folders,
  uploads,
  lastFolders,
  watched,
}: DeployTopicOptions): Pick<CallAnswers, Names> & Pick<StreamAnswers, 'deploys.output' | 'uploads.receive'> {
  return {
    'deploys.preview': async ({ folder, project = '' }) =>
      previewFolder(await walkFolder((await folders.open(folder)).path, undefined, project), project),
    async 'deploys.start'({ serverId, app, folder }) {
      const started = deploys.start({ serverId, app, openSource: () => folders.open(folder) })
      if (folder.kind === 'path') await lastFolders.note({ serverId, app, path: folder.path })
      return started
    },
    'deploys.startImage': async ({ serverId, app, image }) =>
      deploys.start({ serverId, app, openSource: async () => ({ url: `docker://${image}` }) }),
    'deploys.list': (filter) => deploys.list(filter),
    'deploys.watched': async ({ serverId, app }) => watched.get(serverId, app),
    async 'deploys.watch'(wanted) {
      await watched.set(wanted)
      return watched.get(wanted.serverId, wanted.app)
    },
    'deploys.cancel': ({ deployId }) => deploys.cancel(deployId),
    'uploads.create': async ({ name }) => ({ uploadId: await uploads.create(name) }),

    async 'deploys.output'({ deployId }, pipe) {
      for await (const bytes of deploys.output(deployId, pipe.signal)) await pipe.write(bytes)
      return deploys.finished(deployId)
    },
    async 'uploads.receive'({ uploadId }, pipe) {
      return { files: await uploads.receive(uploadId, pipe.bytes, pipe.signal) }
    },
  }
}
