import { randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { HearthError, notFound } from '../../../agent/contract/errors.ts'
import { printable } from '../folder/folder-path.ts'
import { maximumFiles, maximumSourceBytes } from '../folder/folder-walk.ts'
import { openOwnFolder } from './own-folder.ts'
import { FrameReader } from './upload-frames.ts'

const header = z.strictObject({
  path: z.string().min(1).max(3072),
  sizeBytes: z.number().int().nonnegative(),
  executable: z.boolean(),
})

interface Upload {
  readonly folder: string
  state: 'waiting' | 'receiving' | 'received'
}

const maximumUploads = 20

/** Folders that a browser tab hands over file by file, since it can't name them. They go when the desktop closes. */
export class Uploads {
  readonly #directory: string
  readonly #uploads = new Map<string, Upload>()

  private constructor(directory: string) {
    this.#directory = directory
  }

  /** Each desktop has a folder of its own below `directory`; what desktops that are gone left behind goes first. */
  static async open(directory: string): Promise<Uploads> {
    return new Uploads(await openOwnFolder(directory))
  }

  /** Makes room for a folder; its name is what the app's is suggested from. */
  async create(name: string): Promise<string> {
    const oldest = this.#uploads.keys().next().value
    if (oldest !== undefined && this.#uploads.size >= maximumUploads) await this.remove(oldest)
    const uploadId = randomUUID()
    const folder = join(this.#directory, uploadId, folderName(name))
    await mkdir(folder, { recursive: true, mode: 0o700 })
    this.#uploads.set(uploadId, { folder, state: 'waiting' })
    return uploadId
  }

  /** Receives the folder's files; an upload that breaks off is removed as a whole. */
  async receive(uploadId: string, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number> {
    const upload = this.#find(uploadId)
    if (upload.state !== 'waiting') throw new HearthError('conflict', 'This upload was already received.')
    upload.state = 'receiving'
    try {
      const files = await receiveFiles(upload.folder, new FrameReader(bytes), signal)
      upload.state = 'received'
      return files
    } catch (error) {
      await this.remove(uploadId)
      throw error
    }
  }

  /** The received folder on this machine. */
  folderOf(uploadId: string): string {
    const upload = this.#find(uploadId)
    if (upload.state === 'received') return upload.folder
    throw new HearthError('conflict', 'The files of this folder are not here yet. Wait until they are, then deploy.')
  }

  async remove(uploadId: string): Promise<void> {
    if (this.#uploads.delete(uploadId)) await rm(join(this.#directory, uploadId), { recursive: true, force: true })
  }

  async close(): Promise<void> {
    this.#uploads.clear()
    await rm(this.#directory, { recursive: true, force: true })
  }

  #find(uploadId: string): Upload {
    const upload = this.#uploads.get(uploadId)
    if (!upload) throw notFound('upload', uploadId.slice(0, 64))
    return upload
  }
}

async function receiveFiles(folder: string, frames: FrameReader, signal: AbortSignal): Promise<number> {
  let files = 0
  let totalBytes = 0
  for (;;) {
    const text = await frames.readHeader()
    // A cancelled stream ends like a complete one.
    signal.throwIfAborted()
    if (text === null) return files
    const { path, sizeBytes, executable } = parseHeader(text)
    files += 1
    totalBytes += sizeBytes
    if (files > maximumFiles) throw new HearthError('too_large', `The folder has more than ${maximumFiles} files.`)
    if (totalBytes > maximumSourceBytes)
      throw new HearthError('too_large', 'The folder has more than 2 GB. Leave large files out, then drop it again.')
    await writeUploaded(join(folder, checkUploadPath(path)), frames.readContent(sizeBytes), executable, signal)
  }
}

async function writeUploaded(
  path: string,
  content: AsyncIterable<Uint8Array>,
  executable: boolean,
  signal: AbortSignal,
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(path, 'wx', executable ? 0o755 : 0o644)
    try {
      for await (const chunk of content) {
        signal.throwIfAborted()
        await file.writeFile(chunk)
      }
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw describeWrite(cause)
  }
}

/** Relative, in its shortest form, without a way out; the folder holds no links that could be written through. */
export function checkUploadPath(path: string): string {
  const names = path.split('/')
  const isBad = names.some((name) => name === '' || name === '.' || name === '..' || Buffer.byteLength(name) > 255)
  const isOdd = path.includes('\0') || (process.platform === 'win32' && /[\\:]/.test(path)) || !path.isWellFormed()
  if (!isBad && !isOdd) return path
  throw new HearthError(
    'invalid_params',
    `The path "${printable(path)}" can't be taken. Rename it, then drop it again.`,
  )
}

function parseHeader(text: string): z.infer<typeof header> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  const parsed = header.safeParse(value)
  if (parsed.success) return parsed.data
  throw new HearthError('bad_request', 'What was uploaded is not a folder as Hearth sends it.')
}

function describeWrite(cause: unknown): unknown {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'EEXIST':
    case 'ENOTDIR':
    case 'EISDIR':
      return new HearthError('invalid_params', 'The same path was uploaded twice. Drop the folder again.', { cause })
    case 'ENOSPC':
      return new HearthError('disk_full', "This computer's disk is full. Free some space, then drop it again.", {
        cause,
      })
    default:
      return cause
  }
}

/** The dropped folder's name as one that every file system takes. */
function folderName(name: string): string {
  const cleaned = name.replace(/[\p{Cc}/\\:]/gu, '-').slice(0, 60)
  return /^\.*$/.test(cleaned) ? 'folder' : cleaned.toWellFormed()
}
