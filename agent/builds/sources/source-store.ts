import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HearthError, notFound } from '../../contract/errors.ts'
import type { SourceFile } from '../../contract/sources/source.ts'
import type { SourceStore } from '../../core/ports/builds/source-store.ts'
import { Turns } from '../../core/turns.ts'
import { explainFullDisk, measureFreeBytes, refuseToCross } from '../disk-reserve.ts'
import { type PushedParts, readPushedImages, writePushedImage } from '../images/pushed-images.ts'
import { receiveBlobs } from './receive-blobs.ts'
import { checkManifest, maximumSourceBytes } from './source-manifest.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** Manifests per app whose content is kept: the next deploy sends only what differs from them. */
const keptManifests = 3
/** What a gzipped tar of source code unpacks to, roughly. */
const packedRatio = 4
/** So many bytes of an upload whose size nobody announced arrive between two looks at the disk. */
const watchedBytes = 8 * 1024 * 1024
const uploadLifetimeMs = 60 * 60 * 1000

export interface Manifest {
  readonly files: readonly SourceFile[]
  readonly folders: readonly string[]
  readonly blobDirectory: string
}

/**
 * `<directory>/apps/<app>/{blobs/<sha256>,manifests/<id>.json,images/<type>.json}` and `<directory>/uploads/<digest of the secret>.tgz`.
 */
export class FileSourceStore implements SourceStore {
  readonly #directory: string
  readonly #reserveBytes: number
  readonly #measureFree: (directory: string) => Promise<number>
  /** Content that a manifest found here must not be taken away before it is seen that the manifest wants it. */
  readonly #turns = new Turns()

  constructor(directory: string, reserveBytes: number, measureFree = measureFreeBytes) {
    this.#directory = directory
    this.#reserveBytes = reserveBytes
    this.#measureFree = measureFree
  }

  createManifest(appId: string, files: readonly SourceFile[]) {
    return this.#turns.take(appId, () => this.#createManifest(appId, files))
  }

  async #createManifest(appId: string, files: readonly SourceFile[]) {
    const { blobs } = checkManifest(files)
    const { blobDirectory, manifestDirectory } = await this.#makeAppDirectories(appId)
    const missing = await findMissing(blobDirectory, blobs)
    const missingBytes = missing.reduce((sum, digest) => sum + (blobs.get(digest) ?? 0), 0)
    // Twice: the content itself, and the copy that the build works on.
    await this.#requireFree(missingBytes * 2)
    const id = randomUUID()
    const file = path.join(manifestDirectory, `${id}.json`)
    try {
      await writeFile(`${file}.new`, JSON.stringify(files), { mode: 0o600 })
      await rename(`${file}.new`, file)
    } catch (error) {
      await rm(`${file}.new`, { force: true })
      throw explainFullDisk(error, 'the upload')
    }
    return { id, missing, missingBytes }
  }

  async putBlobs(appId: string, manifestId: string, body: AsyncIterable<Uint8Array>) {
    const files = await this.#readManifest(appId, manifestId)
    const { blobs } = checkManifest(files)
    const { blobDirectory } = await this.#makeAppDirectories(appId)
    // Since the manifest came another upload may have taken the room.
    const lacking = await findMissing(blobDirectory, blobs)
    await this.#requireFree(lacking.reduce((sum, digest) => sum + (blobs.get(digest) ?? 0), 0))
    const received = await receiveBlobs(blobDirectory, body, blobs)
    return { received, missing: await findMissing(blobDirectory, blobs) }
  }

  async createBlob() {
    await this.#removeOldUploads()
    const secret = randomBytes(24).toString('base64url')
    await mkdir(this.#uploadDirectory, { recursive: true, mode: 0o700 })
    await writeFile(this.#roomPath(secret), '')
    return { secret }
  }

  async putBlob(secret: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    const target = this.#uploadPath(secret)
    // Whoever reaches the API may put: but only where somebody with a token asked for room.
    if (!(await isThere(this.#roomPath(secret))))
      throw notFound('source', 'there is no room of that name, or it expired')
    await this.#requireFree(0)
    const temporary = `${target}.${randomUUID()}`
    try {
      const watch = (comingBytes: number) => this.#requireFree(comingBytes)
      await pipeline(
        body,
        limitBytes(maximumSourceBytes),
        watchDisk(watch),
        createWriteStream(temporary, { mode: 0o600 }),
      )
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw explainFullDisk(error, 'the upload')
    }
  }

  async keepImage(appId: string, image: PushedParts): Promise<void> {
    const { files } = await this.openManifest(appId, image.manifestId)
    if (!files.some((file) => 'sha256' in file && file.sha256 === image.id.replace('sha256:', '')))
      throw new HearthError('invalid_params', `The configuration of the image ${image.id} is not among what was sent.`)
    await writePushedImage(this.#imageDirectory(appId), image)
  }

  listImages(appId: string): Promise<readonly PushedParts[]> {
    return readPushedImages(this.#imageDirectory(appId))
  }

  /** For the builder: an image that was pushed, as a folder. */
  async openImage(appId: string, id: string): Promise<Manifest> {
    const image = (await this.listImages(appId)).find((one) => one.id === id)
    if (image) return this.openManifest(appId, image.manifestId)
    throw new HearthError(
      'build_failed',
      `There is no image ${id.slice(0, 19)} that was pushed to this app, or a newer one has taken its place. Push it again, then release it.`,
    )
  }

  async destroyApp(appId: string): Promise<void> {
    await rm(this.#appDirectory(appId), { recursive: true, force: true })
  }

  /** For the builder: a manifest all of whose content is there. */
  async openManifest(appId: string, manifestId: string): Promise<Manifest> {
    const files = await this.#readManifest(appId, manifestId)
    const { blobs, folders } = checkManifest(files)
    const blobDirectory = path.join(this.#appDirectory(appId), 'blobs')
    const missing = await findMissing(blobDirectory, blobs)
    if (missing.length > 0) {
      const first = files.find((file) => 'sha256' in file && file.sha256 === missing[0])
      throw new HearthError(
        'conflict',
        `The source is not complete: the content of ${missing.length} files never arrived, first of all '${first?.path}'. Deploy again.`,
      )
    }
    return { files, folders, blobDirectory }
  }

  /** For the builder: about how many bytes the source has as files; 0 when that is not known before it is fetched. */
  async measure(appId: string, sourceUrl: string): Promise<number> {
    const [, scheme, name = ''] = /^(manifest|blob):(.+)$/.exec(sourceUrl) ?? []
    if (scheme === 'blob') return (await stat(this.#uploadPath(name)).catch(() => ({ size: 0 }))).size * packedRatio
    if (scheme !== 'manifest') return 0
    const files = await this.#readManifest(appId, name)
    return files.reduce((sum, file) => sum + ('sizeBytes' in file ? file.sizeBytes : 0), 0)
  }

  /** For the builder: the file of an uploaded tarball. */
  async openBlob(secret: string): Promise<string> {
    const file = this.#uploadPath(secret)
    if (await isThere(file)) return file
    throw notFound('source', 'it was never uploaded, or it expired')
  }

  /** Keeps the content of the newest manifests, which the next deploy of the app builds upon. */
  collect(appId: string): Promise<void> {
    return this.#turns.take(appId, () => this.#collect(appId))
  }

  async #collect(appId: string): Promise<void> {
    const { blobDirectory, manifestDirectory } = await this.#makeAppDirectories(appId)
    const names = (await readdir(manifestDirectory)).filter((name) => name.endsWith('.json'))
    const aged = await Promise.all(
      names.map(async (name) => ({ name, time: (await stat(path.join(manifestDirectory, name))).mtimeMs })),
    )
    aged.sort((a, b) => b.time - a.time)
    // A manifest made just now may be on its way; it counts among the newest by its time.
    const kept = new Set<string>()
    const images = new Set((await this.listImages(appId)).map(({ manifestId }) => `${manifestId}.json`))
    const old = aged.slice(keptManifests).filter(({ name }) => !images.has(name))
    for (const { name } of aged) {
      if (old.some((one) => one.name === name)) continue
      const files = await this.#readManifest(appId, path.basename(name, '.json'))
      for (const file of files) if ('sha256' in file) kept.add(file.sha256)
    }
    for (const { name } of old) await rm(path.join(manifestDirectory, name), { force: true })
    if (old.length === 0) return
    for (const name of await readdir(blobDirectory))
      if (!kept.has(name) && !name.startsWith('.')) await rm(path.join(blobDirectory, name), { force: true })
  }

  async #requireFree(neededBytes: number): Promise<void> {
    refuseToCross(await this.#measureFree(this.#directory), neededBytes, this.#reserveBytes)
  }

  async #removeOldUploads(): Promise<void> {
    const directory = this.#uploadDirectory
    for (const name of await readdir(directory).catch(() => [])) {
      const file = path.join(directory, name)
      // One that has just arrived has another name by now.
      const found = await stat(file).catch(() => null)
      if (found && Date.now() - found.mtimeMs > uploadLifetimeMs) await rm(file, { force: true })
    }
  }

  async #readManifest(appId: string, manifestId: string): Promise<SourceFile[]> {
    if (!uuid.test(manifestId)) throw notFound('source', manifestId.slice(0, 64))
    const file = path.join(this.#appDirectory(appId), 'manifests', `${manifestId}.json`)
    try {
      return JSON.parse(await readFile(file, 'utf8')) as SourceFile[]
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw notFound('source', manifestId)
      throw cause
    }
  }

  #imageDirectory(appId: string): string {
    return path.join(this.#appDirectory(appId), 'images')
  }

  async #makeAppDirectories(appId: string) {
    const directory = this.#appDirectory(appId)
    const blobDirectory = path.join(directory, 'blobs')
    const manifestDirectory = path.join(directory, 'manifests')
    await mkdir(blobDirectory, { recursive: true, mode: 0o700 })
    await mkdir(manifestDirectory, { recursive: true, mode: 0o700 })
    return { blobDirectory, manifestDirectory }
  }

  #appDirectory(appId: string): string {
    if (!uuid.test(appId)) throw notFound('app', appId.slice(0, 64))
    return path.join(this.#directory, 'apps', appId)
  }

  /** By the secret's digest, so that neither a listing nor an odd secret leads anywhere. */
  #uploadPath(secret: string): string {
    return path.join(this.#uploadDirectory, `${createHash('sha256').update(secret).digest('hex')}.tgz`)
  }

  /** An empty file, there as long as the upload may come. */
  #roomPath(secret: string): string {
    return this.#uploadPath(secret).replace(/tgz$/, 'room')
  }

  get #uploadDirectory(): string {
    return path.join(this.#directory, 'uploads')
  }
}

/** One listing instead of a call per file: a thousand unchanged files cost a millisecond. */
async function findMissing(blobDirectory: string, blobs: ReadonlyMap<string, number>): Promise<string[]> {
  const present = new Set(await readdir(blobDirectory).catch(() => []))
  return [...blobs.keys()].filter((digest) => !present.has(digest))
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

function limitBytes(maximum: number): Transform {
  let total = 0
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      total += chunk.length
      if (total <= maximum) done(null, chunk)
      else done(new HearthError('too_large', 'The uploaded source is larger than 2 GB.'))
    },
  })
}

function watchDisk(requireFree: (comingBytes: number) => Promise<void>): Transform {
  let sinceLook = 0
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      sinceLook += chunk.length
      if (sinceLook < watchedBytes) return done(null, chunk)
      sinceLook = 0
      requireFree(watchedBytes).then(() => done(null, chunk), done)
    },
  })
}
