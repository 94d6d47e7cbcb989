import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { HearthError } from '../../contract/errors.ts'
import { startCommand } from '../../exec/command.ts'
import { unpackTar } from '../sources/unpack-tar.ts'

/** Measured: level 3 packs 100 MB in half a second; level 19 takes 50 times as long to win a fifth. */
const zstdLevel = 3

/** Writes `<directory>/app` as a tar with zstd; the file appears under its name only when it is whole and on disk. */
export async function writeSlugArchive(directory: string, archive: string, signal: AbortSignal): Promise<void> {
  const temporary = `${archive}.new`
  // Opened before tar starts: what a child writes is lost if nothing reads it by the time it ends.
  const file = await open(temporary, 'w', 0o600)
  try {
    await packTree(directory, file, signal)
    await file.sync()
    await file.close()
    await rename(temporary, archive)
  } catch (error) {
    await file.close().catch(() => {})
    await rm(temporary, { force: true })
    throw error
  }
}

async function packTree(directory: string, file: FileHandle, signal: AbortSignal): Promise<void> {
  // The same tree is the same archive, whenever and by whom it was built: one time for all, the earliest that a zip can hold.
  const owner = ['--owner=0', '--group=0', '--numeric-owner']
  const tar = await startCommand(
    [
      'tar',
      '--create',
      '--sort=name',
      '--mtime=@315532800',
      ...owner,
      '--hard-dereference',
      '--directory',
      directory,
      'app',
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  try {
    const compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: zstdLevel } })
    const write = async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) await file.appendFile(chunk)
    }
    await pipeline(tar.child.stdout as NodeJS.ReadableStream, compress, write, { signal })
  } catch (error) {
    tar.kill('SIGKILL')
    throw error
  }
  const { status } = await tar.exit
  // 1: something about a file changed while it was read. Its owner does, when the app's first dyno starts meanwhile; its
  // content never, and the archive holds no owners.
  if (status !== 0 && status !== 1)
    throw new HearthError('internal', `The slug could not be archived: tar ended with status ${status}.`)
}

/** Unpacks an archive to `<directory>/app`. */
export async function readSlugArchive(archive: string, directory: string, maximumBytes: number): Promise<void> {
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true, mode: 0o755 })
  const options = { maximumBytes, allowsAnyLink: true }
  await unpackTar(createReadStream(archive), createZstdDecompress(), directory, options)
  await mkdir(path.join(directory, 'app'), { recursive: true })
}
