import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, type FileHandle, mkdir, open, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createInflateRaw, inflateRaw } from 'node:zlib'

const inflate = promisify(inflateRaw)

interface Entry {
  readonly name: string
  readonly method: number
  readonly compressedBytes: number
  readonly sizeBytes: number
  readonly mode: number
  readonly offset: number
}

interface Archive {
  readonly archive: string
  readonly handle: FileHandle
}

/** What a runtime may hold at most; a file of one that is larger is not what it says. */
const maximumFileBytes = 512 * 1024 * 1024
const streamedBytes = 1024 * 1024

/**
 * Unpacks a zip whose digest was checked, without the folders that all its files share, into an empty directory. Archives of
 * Go modules note no modes, so what is a program by its content becomes executable. Links are not unpacked, and a name
 * that leads elsewhere is refused. Format: PKWARE's APPNOTE, 4.3.7 and 4.3.12; without its 64-bit extension.
 */
export async function unpackZip(file: string, target: string): Promise<void> {
  await using handle = await open(file)
  const entries = (await readEntries(handle)).filter(({ name }) => !name.endsWith('/'))
  const shared = findSharedFolder(entries.map(({ name }) => name))
  for (const entry of entries) {
    const name = entry.name.slice(shared.length)
    if (name.split('/').some((part) => part === '..' || part === '') || name.includes('\\'))
      throw new Error(`the archive has a file with the name ${entry.name}`)
    const place = path.join(target, name)
    await mkdir(path.dirname(place), { recursive: true })
    await writeContent({ archive: file, handle }, entry, place)
  }
}

async function readEntries(handle: FileHandle): Promise<Entry[]> {
  const { size } = await handle.stat()
  // The end record is 22 bytes and a comment of up to 64 KiB behind them.
  const tail = await readAt(handle, Math.max(0, size - 66_000), Math.min(size, 66_000))
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end === -1) throw new Error('the archive has no directory')
  const directory = await readAt(handle, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  const entries: Entry[] = []
  for (let at = 0; at < directory.length; ) {
    if (directory.readUInt32LE(at) !== 0x02014b50) throw new Error('the directory of the archive is damaged')
    const nameBytes = directory.readUInt16LE(at + 28)
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      sizeBytes: directory.readUInt32LE(at + 24),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      offset: directory.readUInt32LE(at + 42),
    })
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

async function writeContent({ archive, handle }: Archive, entry: Entry, place: string): Promise<void> {
  if (entry.sizeBytes > maximumFileBytes) throw new Error(`${entry.name} is too large`)
  if (entry.method !== 0 && entry.method !== 8)
    throw new Error(`${entry.name} is packed by an unknown method (${entry.method})`)
  const header = await readAt(handle, entry.offset, 30)
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const flags = { flag: 'wx', mode: 0o644 } as const
  // Most are small; of a large one the agent is not to hold all.
  if (entry.sizeBytes > streamedBytes) {
    const stored = createReadStream(archive, { start, end: start + entry.compressedBytes - 1 })
    const target = createWriteStream(place, { flags: flags.flag, mode: flags.mode })
    await (entry.method === 8 ? pipeline(stored, createInflateRaw(), target) : pipeline(stored, target))
  } else {
    const stored = await readAt(handle, start, entry.compressedBytes)
    const isPacked = entry.method === 8
    await writeFile(place, isPacked ? await inflate(stored, { maxOutputLength: streamedBytes }) : stored, flags)
  }
  if ((entry.mode & 0o111) !== 0 || (await isProgram(place))) await chmod(place, 0o755)
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, position)
  if (bytesRead !== length) throw new Error('the archive ends too early')
  return buffer
}

/** With the slash; empty when there is none. A module's is `golang.org/toolchain@v0.0.1-go1.26.0.linux-amd64/`. */
export function findSharedFolder(names: readonly string[]): string {
  const [first = ''] = names
  let length = first.lastIndexOf('/') + 1
  for (const name of names)
    while (length > 0 && !name.startsWith(first.slice(0, length))) length = first.lastIndexOf('/', length - 2) + 1
  return first.slice(0, length)
}

/** By its first bytes: of a program for Linux, or of a script. */
async function isProgram(place: string): Promise<boolean> {
  await using file = await open(place)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
  const start = buffer.toString('latin1', 0, bytesRead)
  return start === '\x7fELF' || start.startsWith('#!')
}
