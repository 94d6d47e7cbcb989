import { createHash, type Hash } from 'node:crypto'
import { constants, lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as yieldToOthers } from 'node:timers/promises'

/** By path: a file whose inode and change time are still these has still this content. Nobody can set a change time. */
export type KnownDigests = Map<string, { ino: bigint; ctimeNs: bigint; sha256: string }>

export type TreeEntry =
  | { readonly kind: 'file'; readonly path: string; readonly executable: boolean; readonly sizeBytes: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'folder'; readonly path: string }

export interface Tree {
  /** `SHA256:<hex>` */
  readonly checksum: string
  readonly sizeBytes: number
  readonly entries: readonly TreeEntry[]
  /** SHA-256 of each file's content, by path. */
  readonly digests: ReadonlyMap<string, string>
  /** What is neither file, folder nor link and so not part of the tree: pipes, sockets, devices. */
  readonly strange: readonly string[]
}

interface FileOnDisk {
  readonly entry: TreeEntry & { kind: 'file' }
  readonly ino: bigint
  readonly ctimeNs: bigint
}

const parallelReads = 8
const bufferBytes = 256 * 1024

/**
 * The checksum of a tree: over each entry in byte order of its path, its kind, whether it is executable, and its content.
 * Owners, times and other mode bits do not count, so that a rebuilt or unpacked tree is the same tree.
 */
export async function digestTree(directory: string, known: KnownDigests = new Map()): Promise<Tree> {
  const { entries, files, strange } = await walk(directory)
  const digests = await digestFiles(directory, files, known)
  const hash = createHash('sha256')
  let sizeBytes = 0
  for (const entry of entries) {
    addEntry(hash, entry, digests.get(entry.path) ?? '')
    if (entry.kind === 'file') sizeBytes += entry.sizeBytes
  }
  return { checksum: `SHA256:${hash.digest('hex')}`, sizeBytes, entries, digests, strange }
}

function addEntry(hash: Hash, entry: TreeEntry, digest: string): void {
  // NUL cannot be part of a path or a link target, so no two trees give the same text.
  switch (entry.kind) {
    case 'file':
      return void hash.update(`f\0${entry.executable ? 'x' : '-'}\0${digest}\0${entry.path}\0`)
    case 'link':
      return void hash.update(`l\0${entry.target}\0${entry.path}\0`)
    case 'folder':
      return void hash.update(`d\0${entry.path}\0`)
  }
}

async function walk(directory: string) {
  const entries: TreeEntry[] = []
  const files: FileOnDisk[] = []
  const strange: string[] = []
  const pending = ['']
  for (let count = 0; pending.length > 0; count++) {
    const folder = pending.pop() ?? ''
    if (count % 32 === 31) await yieldToOthers()
    for (const name of readdirSync(path.join(directory, folder))) {
      const relative = folder === '' ? name : `${folder}/${name}`
      const full = path.join(directory, relative)
      const stat = lstatSync(full, { bigint: true })
      if (stat.isFile()) {
        const executable = (stat.mode & 0o100n) !== 0n
        const entry = { kind: 'file', path: relative, executable, sizeBytes: Number(stat.size) } as const
        entries.push(entry)
        files.push({ entry, ino: stat.ino, ctimeNs: stat.ctimeNs })
      } else if (stat.isDirectory()) {
        entries.push({ kind: 'folder', path: relative })
        pending.push(relative)
      } else if (stat.isSymbolicLink()) {
        entries.push({ kind: 'link', path: relative, target: readlinkSync(full) })
      } else strange.push(relative)
    }
  }
  entries.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { entries, files, strange }
}

async function digestFiles(directory: string, files: readonly FileOnDisk[], known: KnownDigests) {
  const digests = new Map<string, string>()
  const unknown: string[] = []
  for (const { entry, ino, ctimeNs } of files) {
    const before = known.get(entry.path)
    if (before && before.ino === ino && before.ctimeNs === ctimeNs) digests.set(entry.path, before.sha256)
    else unknown.push(entry.path)
  }
  const read = async () => {
    const buffer = Buffer.allocUnsafe(bufferBytes)
    for (let file = unknown.pop(); file !== undefined; file = unknown.pop())
      digests.set(file, await digestFile(path.join(directory, file), buffer))
  }
  await Promise.all(Array.from({ length: parallelReads }, read))
  return digests
}

async function digestFile(file: string, buffer: Buffer): Promise<string> {
  const hash = createHash('sha256')
  // Never through a link: what the app's own code made of the tree must not lead the agent elsewhere.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return hash.digest('hex')
      hash.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}
