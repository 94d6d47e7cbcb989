import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { PushedImage } from '../../../agent/contract/pushed-image.ts'
import { type SendProgress, sendSource } from '../deploy/deploy-send.ts'
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
