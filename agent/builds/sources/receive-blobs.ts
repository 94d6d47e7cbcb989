import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import { extract } from 'tar-stream'
import { HearthError } from '../../contract/errors.ts'
import { explainFullDisk } from '../disk-reserve.ts'

/**
 * Reads a zstd-compressed tar of blobs into `directory`, each under its digest. A blob counts only once it is whole and
 * its content matches; those that came before an interruption stay, so that a second upload resumes.
 */
export async function receiveBlobs(
  directory: string,
  body: AsyncIterable<Uint8Array>,
  /** Digest -> size of what may come. */
  expected: ReadonlyMap<string, number>,
): Promise<number> {
  let received = 0
  const archive = extract()
  const writing = (async () => {
    for await (const entry of archive) {
      const { name, type, size } = entry.header
      if (type !== 'file') throw refuse(name, 'it is not a plain file')
      const expectedBytes = expected.get(name)
      if (expectedBytes === undefined) throw refuse(name, 'the manifest does not name it')
      if (size !== expectedBytes) throw refuse(name, `it has ${size} bytes instead of ${expectedBytes}`)
      await writeBlob(directory, name, entry as AsyncIterable<Uint8Array>)
      received += 1
    }
  })()
  // The reader's own refusal says more than the broken pipe that follows from it.
  const feeding = pipeline(Readable.from(body), createZstdDecompress(), archive)
  const [written, fed] = await Promise.allSettled([writing, feeding])
  const failure = [written, fed].find((end) => end.status === 'rejected')
  if (failure) throw describeFailure(failure.reason)
  return received
}

async function writeBlob(directory: string, digest: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = path.join(directory, `.${randomUUID()}`)
  const file = await open(temporary, 'wx', 0o600)
  try {
    const actual = await copyAndDigest(content, file)
    await file.close()
    if (actual !== digest) throw refuse(digest, `its content has the digest ${actual}`)
    await rename(temporary, path.join(directory, digest))
  } catch (error) {
    await file.close().catch(() => {})
    await rm(temporary, { force: true })
    throw error
  }
}

async function copyAndDigest(content: AsyncIterable<Uint8Array>, file: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of content) {
    hash.update(chunk)
    await file.appendFile(chunk)
  }
  return hash.digest('hex')
}

function refuse(name: string, why: string): HearthError {
  return new HearthError('invalid_params', `The uploaded content '${name.slice(0, 80)}' is refused: ${why}.`)
}

function describeFailure(reason: unknown): unknown {
  if (reason instanceof HearthError) return reason
  const explained = explainFullDisk(reason, 'the upload')
  if (explained instanceof HearthError) return explained
  return new HearthError(
    'bad_request',
    'The upload ended early or is not a zstd-compressed tar. What arrived whole is kept; deploy again to send the rest.',
    { cause: reason },
  )
}
