import { createHash, randomUUID } from 'node:crypto'
import { open, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import { z } from 'zod'
import { HearthError } from '../../../agent/contract/errors.ts'
import type { SourceFile } from '../../../agent/contract/sources/source.ts'

/** An image as a folder of its parts: `manifest.json`, and configuration and layers, each named by the digits of its digest. */
export interface ImageFolder {
  /** `sha256:…` of its configuration: what docker and podman call it by. */
  readonly id: string
  readonly files: readonly SourceFile[]
}

interface Part {
  readonly sha256: string
  readonly sizeBytes: number
  /** Of a layer: how it is compressed, as the end of its media type. */
  readonly compression: '' | '+gzip' | '+zstd'
}

/** The list in an archive of `docker save` or `podman save`. https://github.com/moby/docker-image-spec/blob/main/v1.2.md */
const savedList = z.array(z.looseObject({ Config: z.string(), Layers: z.array(z.string()) })).length(1)
const listName = 'manifest.json'
const maximumListBytes = 1024 * 1024

/**
 * Lays down what `docker save IMAGE` or `podman save IMAGE` writes, as it comes. The image keeps its id, and layers their digests, so that
 * a next one sends only what is new. `folder` is empty.
 */
export async function laySavedImage(archive: AsyncIterable<Uint8Array>, folder: string): Promise<ImageFolder> {
  const { parts, links } = await unpack(archive, folder)
  const find = (name: string): Part => {
    const target = links.get(name) ?? name
    const part = parts.get(target)
    if (part) return part
    throw notAnImage(`it has no ${name.slice(0, 200)}`)
  }
  const [saved] = parseList(await readPart(folder, find(listName)))
  if (!saved) throw notAnImage('it lists no image')
  const config = find(saved.Config)
  const layers = saved.Layers.map(find)
  const manifest = await writeManifest(folder, renderManifest(config, layers))
  const named = new Map([config, ...layers].map((part) => [part.sha256, part]))
  const files = [...named.values()].map((part) => toFile(part.sha256, part))
  return { id: `sha256:${config.sha256}`, files: [toFile(listName, manifest), ...files] }
}

async function unpack(archive: AsyncIterable<Uint8Array>, folder: string) {
  const parts = new Map<string, Part>()
  /** Older versions of docker write a layer once, and links to it. */
  const links = new Map<string, string>()
  const entries = extract()
  const reading = (async () => {
    for await (const entry of entries) {
      const { name, type, linkname } = entry.header
      const own = path.posix.normalize(name)
      if (type === 'symlink') links.set(own, path.posix.join(path.posix.dirname(own), linkname ?? ''))
      if (type === 'link') links.set(own, path.posix.normalize(linkname ?? ''))
      if (type === 'file') parts.set(own, await writePart(folder, entry as AsyncIterable<Uint8Array>))
      else entry.resume()
    }
  })()
  try {
    await Promise.all([reading, pipeline(archive, entries)])
  } catch (cause) {
    if (cause instanceof HearthError) throw cause
    throw notAnImage('it is damaged, or ended too early', cause)
  } finally {
    entries.destroy()
  }
  return { parts, links }
}

async function writePart(folder: string, content: AsyncIterable<Uint8Array>): Promise<Part> {
  const temporary = path.join(folder, `.${randomUUID()}`)
  const hash = createHash('sha256')
  let sizeBytes = 0
  let start = Buffer.alloc(0)
  const file = await open(temporary, 'wx', 0o600)
  try {
    for await (const chunk of content) {
      if (start.length < 4) start = Buffer.concat([start, chunk.subarray(0, 4)])
      hash.update(chunk)
      sizeBytes += chunk.length
      await file.writeFile(chunk)
    }
  } finally {
    await file.close()
  }
  const sha256 = hash.digest('hex')
  await rename(temporary, path.join(folder, sha256))
  return { sha256, sizeBytes, compression: compressionOf(start) }
}

function compressionOf(start: Buffer): Part['compression'] {
  if (start.subarray(0, 2).equals(Buffer.from('1f8b', 'hex'))) return '+gzip'
  return start.subarray(0, 4).equals(Buffer.from('28b52ffd', 'hex')) ? '+zstd' : ''
}

async function readPart(folder: string, { sha256, sizeBytes }: Part): Promise<string> {
  if (sizeBytes > maximumListBytes) throw notAnImage(`its ${listName} is too large`)
  return await readFile(path.join(folder, sha256), 'utf8')
}

function parseList(text: string): z.infer<typeof savedList> {
  try {
    return savedList.parse(JSON.parse(text))
  } catch (cause) {
    throw notAnImage(`its ${listName} does not list one image`, cause)
  }
}

/** https://github.com/opencontainers/image-spec/blob/main/manifest.md */
function renderManifest(config: Part, layers: readonly Part[]): string {
  const vendor = 'application/vnd.oci.image'
  const describe = (mediaType: string, { sha256, sizeBytes }: Part) => ({
    mediaType,
    digest: `sha256:${sha256}`,
    size: sizeBytes,
  })
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: `${vendor}.manifest.v1+json`,
    config: describe(`${vendor}.config.v1+json`, config),
    layers: layers.map((layer) => describe(`${vendor}.layer.v1.tar${layer.compression}`, layer)),
  })
}

async function writeManifest(folder: string, text: string): Promise<Part> {
  await writeFile(path.join(folder, listName), text, { mode: 0o600 })
  const sha256 = createHash('sha256').update(text).digest('hex')
  return { sha256, sizeBytes: Buffer.byteLength(text), compression: '' }
}

function toFile(name: string, { sha256, sizeBytes }: Part): SourceFile {
  return { path: name, mode: 0o644, sizeBytes, sha256 }
}

function notAnImage(why: string, cause?: unknown): HearthError {
  return new HearthError('invalid_params', `That is no image as docker save writes it: ${why}.`, { cause })
}
