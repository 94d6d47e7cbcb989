import { setTimeout as sleep } from 'node:timers/promises'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { SourceFile } from '../../../agent/contract/sources/source.ts'
import type { Agent } from '../ports/agent.ts'
import { isConnectionLost, unlessAborted } from './deploy-link.ts'
import { FileChanged, type PackedFile, packFiles } from './deploy-pack.ts'

export interface SendOptions {
  readonly app: string
  /** The server's agent; waits for its connection to come back. */
  readonly agent: () => Promise<Agent>
  /** Reads the folder (again). */
  readonly scan: () => Promise<{ root: string; files: readonly SourceFile[] }>
  readonly onProgress: (progress: SendProgress) => void
  readonly signal: AbortSignal
}

export interface SendProgress {
  readonly files: { readonly total: number; readonly sent: number }
  readonly bytes: { readonly total: number; readonly sent: number }
}

const maximumAttempts = 6
const pauseMs = 300

/**
 * Brings the folder's content to the server and returns the source's URL for a build. A cut connection costs only what
 * was on the way: each attempt asks anew what the server lacks. A file that changed meanwhile costs one more look.
 */
export async function sendSource(options: SendOptions): Promise<string> {
  let source = await options.scan()
  let hasRescanned = false
  for (let attempt = 1; ; attempt += 1) {
    options.signal.throwIfAborted()
    try {
      const url = await sendOnce(options, source)
      if (url !== null) return url
      if (attempt >= maximumAttempts) throw incomplete()
    } catch (error) {
      if (error instanceof FileChanged && !hasRescanned) {
        hasRescanned = true
        source = await options.scan()
      } else if (!isConnectionLost(error) || attempt >= maximumAttempts) throw error
      else await sleep(pauseMs * attempt, undefined, { signal: options.signal })
    }
  }
}

/** Null when the server still lacks something afterwards. */
async function sendOnce(
  { app, agent, signal, onProgress }: SendOptions,
  { root, files }: { root: string; files: readonly SourceFile[] },
): Promise<string | null> {
  const connected = await agent()
  const asking = connected.call('createSourceManifest', { app }, { files: [...files] })
  const manifest = await unlessAborted(asking, signal)
  const missing = new Set(manifest.missing)
  const packed = chooseFiles(files, missing)
  const progress = {
    files: { total: packed.length, sent: 0 },
    bytes: { total: packed.reduce((sum, file) => sum + file.sizeBytes, 0), sent: 0 },
  }
  onProgress(progress)
  if (missing.size === 0) return manifest.url
  const content = packFiles(root, packed, (bytes, isWholeFile) => {
    progress.bytes.sent += bytes
    if (isWholeFile) progress.files.sent += 1
    onProgress(progress)
  })
  const sending = connected.putSourceBlobs({ app, manifest: manifest.id }, content, { signal, onSent: () => {} })
  const received = await unlessAborted(sending, signal)
  return received.missing.length === 0 ? manifest.url : null
}

/** One file for each content that is missing: the same content is sent once. */
function chooseFiles(files: readonly SourceFile[], missing: ReadonlySet<string>): PackedFile[] {
  const chosen = new Map<string, PackedFile>()
  for (const file of files) {
    if ('sha256' in file && missing.has(file.sha256)) chosen.set(file.sha256, file)
  }
  return [...chosen.values()]
}

function incomplete(): HearthError {
  return new HearthError(
    'unavailable',
    'The server did not receive the whole source after several attempts. Deploy again.',
  )
}
