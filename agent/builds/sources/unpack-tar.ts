import { constants } from 'node:fs'
import { copyFile, mkdir, open, symlink } from 'node:fs/promises'
import path from 'node:path'
import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract, type Header } from 'tar-stream'
import { HearthError } from '../../contract/errors.ts'
import { SourcePaths } from '../../core/builds/source-path.ts'

type Entry = AsyncIterable<Uint8Array> & { readonly header: Header; resume(): unknown }

export interface UnpackOptions {
  readonly maximumBytes: number
  /** Links to anywhere, for an archive that we wrote ourselves of a tree that is only ever mounted in a sandbox. */
  readonly allowsAnyLink?: boolean
}

/**
 * Unpacks a tar into an empty directory. Paths are checked one by one before anything is written, and nothing is ever
 * written through a link, so a hostile archive can't reach beyond the directory.
 */
export async function unpackTar(
  body: AsyncIterable<Uint8Array>,
  decompress: Transform,
  directory: string,
  options: UnpackOptions,
): Promise<void> {
  const archive = extract()
  const unpacking = (async () => {
    const unpacker = new Unpacker(directory, options)
    for await (const entry of archive) {
      await unpacker.take(entry as Entry)
      entry.resume()
    }
  })()
  const feeding = pipeline(Readable.from(body), decompress, archive)
  const [unpacked, fed] = await Promise.allSettled([unpacking, feeding])
  const failure = [unpacked, fed].find((end) => end.status === 'rejected')
  if (!failure) return
  if (failure.reason instanceof HearthError) throw failure.reason
  if ((failure.reason as NodeJS.ErrnoException).code === 'ENOSPC')
    throw new HearthError('disk_full', "The server's disk became full while unpacking an archive.")
  throw new HearthError('invalid_params', 'The archive is damaged or not of the expected kind (a compressed tar).', {
    cause: failure.reason,
  })
}

class Unpacker {
  readonly #directory: string
  readonly #options: UnpackOptions
  readonly #paths = new SourcePaths()
  readonly #made = new Set<string>()
  #bytes = 0

  constructor(directory: string, options: UnpackOptions) {
    this.#directory = directory
    this.#options = options
  }

  async take(entry: Entry): Promise<void> {
    const { type, linkname } = entry.header
    const name = entry.header.name.replace(/^(\.\/+)+/, '').replace(/\/+$/, '')
    if (name === '' || name === '.') return
    switch (type) {
      case 'directory':
        this.#paths.addFolder(name)
        return this.#makeFolder(name)
      case 'file':
      case 'contiguous-file':
        this.#paths.addFile(name)
        return this.#writeFile(name, entry)
      case 'symlink':
        return this.#makeLink(name, linkname ?? '')
      case 'link':
        return this.#copyEarlier(name, (linkname ?? '').replace(/^(\.\/+)+/, ''))
      default:
        throw new HearthError('invalid_params', `The archive is refused: '${name.slice(0, 200)}' is a ${type}.`)
    }
  }

  async #writeFile(name: string, entry: Entry): Promise<void> {
    this.#bytes += entry.header.size ?? 0
    if (this.#bytes > this.#options.maximumBytes)
      throw new HearthError('too_large', `The archive unpacks to more than ${this.#options.maximumBytes} bytes.`)
    await this.#makeFolder(path.dirname(name))
    const mode = (entry.header.mode ?? 0) & 0o100 ? 0o755 : 0o644
    const file = await open(path.join(this.#directory, name), 'wx', mode)
    try {
      for await (const chunk of entry) await file.appendFile(chunk)
    } finally {
      await file.close()
    }
  }

  async #makeLink(name: string, target: string): Promise<void> {
    // Registered as a file where links may lead anywhere: nothing can be put below it either way.
    if (this.#options.allowsAnyLink) this.#paths.addFile(name)
    else this.#paths.addLink(name, target)
    await this.#makeFolder(path.dirname(name))
    await symlink(target, path.join(this.#directory, name))
  }

  /** A hard link in a tar repeats a file that came before; a copy of it is as good. */
  async #copyEarlier(name: string, target: string): Promise<void> {
    if (!this.#paths.hasFile(target))
      throw new HearthError(
        'invalid_params',
        `The archive is refused: '${name.slice(0, 200)}' repeats no earlier file.`,
      )
    this.#paths.addFile(name)
    await this.#makeFolder(path.dirname(name))
    await copyFile(path.join(this.#directory, target), path.join(this.#directory, name), constants.COPYFILE_FICLONE)
  }

  async #makeFolder(name: string): Promise<void> {
    if (name === '.' || this.#made.has(name)) return
    await mkdir(path.join(this.#directory, name), { recursive: true, mode: 0o755 })
    this.#made.add(name)
  }
}
