import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { HearthError } from '../../contract/errors.ts'

const maximumBytes = 1024 * 1024

/**
 * The texts of those files that are at the root of an uploaded source, or in the one folder around everything. Nothing is
 * written anywhere.
 */
export async function readSourceFiles(archive: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const entries = extract()
  // Of one folder deep any may be the one around everything: a file at the root wins.
  const atRoot = new Map<string, string>()
  const inFolder = new Map<string, string>()
  const reading = (async () => {
    for await (const entry of entries) {
      const path = entry.header.name.replace(/^(\.\/+)+/, '')
      const isAtRoot = names.includes(path)
      const name = isAtRoot ? path : path.split('/').slice(1).join('/')
      if (entry.header.type !== 'file' || !names.includes(name)) {
        entry.resume()
        continue
      }
      const text = await readBounded(entry as AsyncIterable<Uint8Array>, name)
      ;(isAtRoot ? atRoot : inFolder).set(name, text)
    }
  })()
  try {
    await Promise.all([reading, pipeline(createReadStream(archive), createGunzip(), entries)])
  } catch (cause) {
    if (cause instanceof HearthError) throw cause
    throw new HearthError('invalid_params', 'The source is damaged or no gzipped tar.', { cause })
  } finally {
    // Ends the other half when one failed.
    entries.destroy()
  }
  return new Map([...inFolder, ...atRoot])
}

async function readBounded(entry: AsyncIterable<Uint8Array>, name: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of entry) {
    sizeBytes += chunk.length
    if (sizeBytes > maximumBytes) throw new HearthError('invalid_params', `${name} of the source is larger than 1 MB.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
