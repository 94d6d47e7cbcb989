import { createHash, type Hash } from 'node:crypto'
import { type BigIntStats, chmodSync, constants, type Dir, lstatSync, opendirSync, readlinkSync } from 'node:fs'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { HearthError } from '../../contract/errors.ts'
import { toPlainLine } from '../../core/logs/plain-text.ts'
import { formatMegabytes } from '../disk-reserve.ts'

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

export interface TreeLimits {
  readonly maximumBytes: number
  /** Files, folders and links together. */
  readonly maximumEntries: number
}

const unlimited: TreeLimits = { maximumBytes: Infinity, maximumEntries: Infinity }
/** How many entries are looked at before others get their turn. */
const batch = 256
const parallelReads = 8
const bufferBytes = 256 * 1024

/**
 * The checksum of a tree: over each entry in byte order of its path, its kind, whether it is executable, and its content.
 * Owners, times and other mode bits do not count, so that a rebuilt or unpacked tree is the same tree. What its owner may not read
 * may be read afterwards. Throws HearthError `build_failed` before a byte is read when the tree is beyond the limits, and when it has
 * names that can't be kept.
 */
export async function digestTree(
  directory: string,
  known: KnownDigests = new Map(),
  limits: TreeLimits = unlimited,
): Promise<Tree> {
  const { entries, files, strange } = await walk(directory, limits)
  const digests = await digestFiles(directory, files, known)
  const hash = createHash('sha256')
  let sizeBytes = 0
  for (const entry of entries) {
    addEntry(hash, entry, digests.get(entry.path) ?? '')
    if (entry.kind === 'file') sizeBytes += entry.sizeBytes
  }
  return { checksum: `SHA256:${hash.digest('hex')}`, sizeBytes, entries, digests, strange }
}

/** What a tree's files weigh, without reading one of them. */
export async function listFileSizes(directory: string): Promise<{ path: string; sizeBytes: number }[]> {
  return (await walk(directory, unlimited)).files.map(({ entry }) => entry)
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

async function walk(directory: string, limits: TreeLimits) {
  const entries: TreeEntry[] = []
  const files: FileOnDisk[] = []
  const strange: string[] = []
  const pending = ['']
  let count = 0
  let sizeBytes = 0
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    using listing = openFolder(directory, folder)
    for (let found = listing.readSync(); found; found = listing.readSync()) {
      if (++count > limits.maximumEntries) throw refuseNumber(limits.maximumEntries)
      if (count % batch === 0) await yieldToOthers()
      const relative = folder === '' ? found.name : `${folder}/${found.name}`
      const stat = look(directory, relative)
      if (stat.isFile()) {
        sizeBytes += Number(stat.size)
        if (sizeBytes > limits.maximumBytes) throw refuseSize(relative, sizeBytes, limits.maximumBytes)
        const executable = (stat.mode & 0o100n) !== 0n
        const entry = { kind: 'file', path: relative, executable, sizeBytes: Number(stat.size) } as const
        entries.push(entry)
        files.push({ entry, ino: stat.ino, ctimeNs: stat.ctimeNs })
      } else if (stat.isDirectory()) {
        entries.push({ kind: 'folder', path: relative })
        pending.push(relative)
      } else if (stat.isSymbolicLink()) {
        entries.push({ kind: 'link', path: relative, target: readlinkSync(path.join(directory, relative)) })
      } else strange.push(relative)
    }
  }
  entries.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { entries, files, strange }
}

function openFolder(directory: string, folder: string): Dir {
  const full = path.join(directory, folder)
  try {
    return opendirSync(full, { bufferSize: batch })
  } catch (error) {
    throw explainName(folder, error)
  }
}

/** Without root a build can lock its own user out: what is to be read is made so. */
function look(directory: string, relative: string): BigIntStats {
  const full = path.join(directory, relative)
  try {
    const stat = lstatSync(full, { bigint: true })
    const needed = stat.isDirectory() ? 0o500n : stat.isFile() ? 0o400n : 0n
    if ((stat.mode & needed) === needed) return stat
    chmodSync(full, Number((stat.mode & 0o777n) | needed))
    return lstatSync(full, { bigint: true })
  } catch (error) {
    throw explainName(relative, error)
  }
}

function explainName(relative: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  const name = `'${toPlainLine(relative, 200)}'`
  if (code === 'ENAMETOOLONG')
    return refuse(
      `It made folders within folders until their path was longer than 4,096 bytes: ${name}. Make them less deep.`,
    )
  // Node has put that mark where the bytes were no UTF-8.
  if (code === 'ENOENT' && relative.includes('\ufffd'))
    return refuse(`It made a file whose name is no UTF-8: ${name}. Give it another name.`)
  return error
}

function refuseNumber(maximum: number): HearthError {
  return refuse(
    `The app has more than ${maximum.toLocaleString('en')} files and folders after its build. Leave out what it does not need to run: ` +
      'remove it in a build step, or name it in .slugignore.',
  )
}

function refuseSize(largest: string, sizeBytes: number, maximumBytes: number): HearthError {
  return refuse(
    `The slug is too large: with ${toPlainLine(largest, 200)} it has ${formatMegabytes(sizeBytes)}, and ${formatMegabytes(maximumBytes)} ` +
      'is the most. Leave files out with .slugignore, or remove them in a build step.',
  )
}

const refuse = (message: string) => new HearthError('build_failed', message)

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
