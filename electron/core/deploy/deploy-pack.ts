import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { type Pack, pack } from 'tar-stream'
import { HearthError } from '../../../agent/contract/errors.ts'
import { openFolderFile } from '../folder/folder-file.ts'
import { cannotRead } from '../folder/folder-walk.ts'

export interface PackedFile {
  readonly path: string
  readonly sizeBytes: number
  readonly sha256: string
}

/** A file no longer holds what the manifest says of it. */
export class FileChanged extends HearthError {
  constructor(path: string) {
    super('conflict', `"${path}" keeps changing while it is sent. Deploy again when nothing is writing to it.`)
  }
}

/**
 * A zstd-compressed tar of contents named by their digest. It is made as it is read: never more than some buffers are
 * in memory. Each content is digested on its way, so that nothing is sent under a digest that is not its own.
 */
export async function* packFiles(
  root: string,
  files: readonly PackedFile[],
  onPacked: (bytes: number, isWholeFile: boolean) => void,
): AsyncIterable<Uint8Array> {
  const archive = pack()
  const compress = createZstdCompress()
  let failure: unknown
  const feeding = feed(archive, root, files, onPacked).catch((error: Error) => {
    failure ??= error
    archive.destroy(error)
  })
  const piping = pipeline(archive, compress).catch((error: Error) => {
    failure ??= error
  })
  try {
    for await (const chunk of compress as AsyncIterable<Buffer>) yield chunk
  } catch (error) {
    throw failure ?? error
  } finally {
    archive.destroy()
    compress.destroy()
    await Promise.all([feeding, piping])
  }
  if (failure) throw failure
}

async function feed(
  archive: Pack,
  root: string,
  files: readonly PackedFile[],
  onPacked: (bytes: number, isWholeFile: boolean) => void,
): Promise<void> {
  for (const file of files) {
    await addFile(archive, join(root, file.path), file, (bytes) => onPacked(bytes, false))
    onPacked(0, true)
  }
  archive.finalize()
}

async function addFile(
  archive: Pack,
  absolute: string,
  { path, sizeBytes, sha256 }: PackedFile,
  onPacked: (bytes: number) => void,
): Promise<void> {
  const entry = archive.entry({ name: sha256, size: sizeBytes, mode: 0o644, mtime: new Date(0) })
  // The archive's own failure is what counts; an entry without a listener would end the program.
  entry.on('error', () => {})
  const hash = createHash('sha256')
  let packed = 0
  for await (const chunk of readContent(absolute, path)) {
    packed += chunk.length
    if (packed > sizeBytes) throw new FileChanged(path)
    hash.update(chunk)
    if (archive.destroyed) return
    if (!entry.write(chunk)) await drained(archive, entry)
    onPacked(chunk.length)
  }
  if (packed !== sizeBytes || hash.digest('hex') !== sha256) throw new FileChanged(path)
  entry.end(undefined)
}

async function* readContent(absolute: string, path: string): AsyncIterable<Buffer> {
  try {
    const file = await openFolderFile(absolute)
    try {
      yield* file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>
    } finally {
      await file.close()
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    // A file that is gone or became a link has changed as well: another look at the folder may do without it.
    throw code === 'ENOENT' || code === 'ELOOP' ? new FileChanged(path) : cannotRead(path, cause)
  }
}

/** Resolves when there is room, or when nobody reads the archive any more. */
async function drained(archive: Pack, entry: NodeJS.EventEmitter): Promise<void> {
  const over = new AbortController()
  const { signal } = over
  const ends = [once(entry, 'drain', { signal }), once(archive, 'close', { signal }), once(entry, 'close', { signal })]
  await Promise.race(ends).catch(() => {})
  over.abort()
  await Promise.allSettled(ends)
}
