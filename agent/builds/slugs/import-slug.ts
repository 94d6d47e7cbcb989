import { createReadStream } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { HearthError } from '../../contract/errors.ts'
import type { ImportedSlug, SlugImport } from '../../core/ports/builds/builder.ts'
import type { SandboxBuilderOptions } from '../build-run.ts'
import { requireFreeBytes } from '../disk-reserve.ts'
import { readImageList } from '../images/image-list.ts'
import { DigestingStream } from '../sources/digesting-stream.ts'
import { unpackTar } from '../sources/unpack-tar.ts'
import { settleTree } from './make-slug.ts'
import { maximumSlugBytes } from './slug-store.ts'

const maximumTreeBytes = maximumSlugBytes * 8
const zstdMagic = Buffer.from('28b52ffd', 'hex')

/**
 * Takes over a slug that was made elsewhere: an uploaded tar of `./app`, with gzip as Heroku's slugs are or with zstd as
 * ours are. Nothing of it runs here. Its links may lead anywhere, since the tree is only ever mounted in a sandbox.
 */
export async function importSlug(
  { buildDirectory, limits, sources, slugs, stacks }: SandboxBuilderOptions,
  { id, secret, checksum, stack }: SlugImport,
): Promise<ImportedSlug> {
  const directory = path.join(buildDirectory, id)
  const archive = await sources.openBlob(secret)
  await requireFreeBytes(
    path.dirname(buildDirectory),
    await sources.measure('', `blob:${secret}`),
    limits.diskReserveBytes,
  )
  try {
    await mkdir(directory, { recursive: true, mode: 0o711 })
    const digest = new DigestingStream()
    const options = { maximumBytes: maximumTreeBytes, allowsAnyLink: true }
    await unpackTar(digest.watch(createReadStream(archive)), await chooseDecompression(archive), directory, options)
    digest.require(checksum)
    await requireApp(directory)
    const app = path.join(directory, 'app')
    const tree = await settleTree(app)
    const images = await readImageList(app, tree)
    await slugs.add(directory, tree)
    // An image stands on no stack, and is lent the shell of the server's own.
    const layers = await stacks.open(images.length > 0 ? stacks.names[0] : stack, {
      output: () => {},
      signal: new AbortController().signal,
    })
    return { checksum: tree.checksum, stack: layers.stack.id, sizeBytes: tree.sizeBytes, images }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function chooseDecompression(archive: string): Promise<Transform> {
  const file = await open(archive, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(zstdMagic.length), 0, zstdMagic.length, 0)
    return buffer.equals(zstdMagic) ? createZstdDecompress() : createGunzip()
  } finally {
    await file.close()
  }
}

async function requireApp(directory: string): Promise<void> {
  const isFolder = await stat(path.join(directory, 'app')).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (isFolder) return
  throw new HearthError('invalid_params', "The archive is no slug: everything in a slug's archive is below ./app.")
}
