import { useEffect, useRef, useState } from 'react'
import type { DeployPreview, ErrorEnvelope, Folder } from '../../../electron/bridge/contract.ts'
import { asEnvelope } from '../../lib/error.ts'
import { sendFiles, type UploadProgress } from '../../lib/files/upload.ts'
import { bridge } from '../../stores/bridge.ts'
import type { DroppedFolder } from '../../stores/dropped-folder.ts'

export type Preparation =
  | { state: 'reading' }
  | { state: 'receiving'; done: UploadProgress; total: UploadProgress }
  | { state: 'ready'; folder: Folder; preview: DeployPreview }
  | { state: 'failed'; error: ErrorEnvelope }

/**
 * From what was dropped to what would be sent. In a browser tab the desktop first receives the files. `project` is the folder in it that is
 * the app; another one is looked at while the last is still shown.
 */
export function usePreparedFolder(dropped: DroppedFolder, project: string): Preparation {
  const [preparation, setPreparation] = useState<Preparation>({ state: 'reading' })
  const folder = preparation.state === 'ready' ? preparation.folder : null
  const shown = useRef('')
  useEffect(() => {
    if (!folder || shown.current === project) return
    shown.current = project
    const tell = (next: Preparation) => {
      if (shown.current === project) setPreparation(next)
    }
    bridge()
      .call('deploys.preview', { folder, project })
      .then((preview) => tell({ state: 'ready', folder, preview }))
      .catch((error) => tell({ state: 'failed', error: asEnvelope(error) }))
  }, [folder, project])
  useEffect(() => {
    const control = new AbortController()
    const tell = (next: Preparation) => {
      if (!control.signal.aborted) setPreparation(next)
    }
    shown.current = ''
    tell({ state: 'reading' })
    prepare(dropped, tell, control.signal).catch((error) => tell({ state: 'failed', error: asEnvelope(error) }))
    return () => control.abort()
  }, [dropped])
  return preparation
}

async function prepare(dropped: DroppedFolder, tell: (next: Preparation) => void, signal: AbortSignal): Promise<void> {
  const folder = dropped.kind === 'folder' ? dropped.folder : await receiveFiles(dropped, tell, signal)
  const preview = await bridge().call('deploys.preview', { folder })
  tell({ state: 'ready', folder, preview })
}

async function receiveFiles(
  { name, picked }: DroppedFolder & { kind: 'files' },
  tell: (next: Preparation) => void,
  signal: AbortSignal,
): Promise<Folder> {
  const { files } = await picked
  if (files.length === 0)
    throw new Error(`${name} holds no files that can be deployed. Drop the folder with your app’s source.`)
  const total = { files: files.length, bytes: files.reduce((sum, file) => sum + file.sizeBytes, 0) }
  const { uploadId } = await bridge().call('uploads.create', { name })
  const stream = bridge().open('uploads.receive', { uploadId })
  signal.addEventListener('abort', () => stream.cancel(), { once: true })
  // A refusal (a full disk) comes as the result while files are still being written.
  const refused = stream.result.then(() => new Promise<never>(() => undefined))
  await Promise.race([
    sendFiles(
      files,
      (bytes) => stream.write(bytes),
      (done) => tell({ state: 'receiving', done, total }),
    ),
    refused,
  ])
  stream.end()
  await stream.result
  return { kind: 'upload', uploadId }
}
