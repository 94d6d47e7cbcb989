import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { PushedImage } from '../../../agent/contract/builds/pushed-image.ts'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { SourceFile } from '../../../agent/contract/sources/source.ts'
import { type SendProgress, sendSource } from '../deploy/deploy-send.ts'
import { maximumSourceBytes } from '../folder/folder-walk.ts'
import type { Agent } from '../ports/agent.ts'
import { laySavedImage } from './saved-image.ts'

export interface ImagePush {
  readonly agent: Agent
  readonly app: string
  readonly type: string
  /** What `docker save IMAGE` or `podman save IMAGE` writes. */
  readonly archive: AsyncIterable<Uint8Array>
  readonly onProgress: (progress: SendProgress) => void
  readonly signal: AbortSignal
}

/** Brings an image to the server, layer by layer, those that it lacks; released it is not. */
export async function pushImage({ agent, app, type, archive, onProgress, signal }: ImagePush): Promise<PushedImage> {
  const root = await mkdtemp(path.join(tmpdir(), 'hearth-image-'))
  try {
    const { id, files } = await laySavedImage(archive, root)
    requireRoom(files)
    const source = await sendSource({
      app,
      agent: async () => agent,
      scan: async () => ({ root, files }),
      onProgress,
      signal,
    })
    return await agent.call('putPushedImage', { app, type }, { id, source })
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

function requireRoom(files: readonly SourceFile[]): void {
  const sizeBytes = files.reduce((sum, file) => sum + ('sizeBytes' in file ? file.sizeBytes : 0), 0)
  if (sizeBytes <= maximumSourceBytes) return
  throw new HearthError(
    'too_large',
    'The image has more than 2 GB, which is the most of one push. Leave out what only the build needs, by a second stage in the Dockerfile, or let the server fetch it from a registry: hearth deploy --image.',
  )
}
