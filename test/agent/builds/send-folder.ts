import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import path from 'node:path'
import { createZstdCompress } from 'node:zlib'
import { pack } from 'tar-stream'
import type { FileSourceStore } from '../../../agent/builds/sources/source-store.ts'
import type { SourceFile } from '../../../agent/contract/sources/source.ts'

/** As the desktop does: manifest, missing content, `manifest:` URL. */
export async function sendFolder(sources: FileSourceStore, folder: string, appId: string): Promise<string> {
  const { files, contents } = await describeFolder(folder)
  const manifest = await sources.createManifest(appId, files)
  await sources.putBlobs(appId, manifest.id, packBlobs(manifest.missing, contents))
  return `manifest:${manifest.id}`
}

export async function describeFolder(folder: string) {
  const files: SourceFile[] = []
  const contents = new Map<string, Buffer>()
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const full = path.join(entry.parentPath, entry.name)
    const relative = path.relative(folder, full)
    if (entry.isSymbolicLink()) files.push({ path: relative, link: await readlink(full) })
    if (!entry.isFile()) continue
    const content = await readFile(full)
    const sha256 = createHash('sha256').update(content).digest('hex')
    contents.set(sha256, content)
    const mode = (await lstat(full)).mode & 0o100 ? 0o755 : 0o644
    files.push({ path: relative, mode, sizeBytes: content.length, sha256 })
  }
  return { files, contents }
}

export function packBlobs(digests: readonly string[], contents: ReadonlyMap<string, Buffer>) {
  const archive = pack()
  for (const digest of digests) archive.entry({ name: digest }, contents.get(digest) ?? Buffer.alloc(0))
  archive.finalize()
  return archive.pipe(createZstdCompress()) as AsyncIterable<Uint8Array>
}
