import { type FileHandle, open } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'

const manifestName = 'META-INF/MANIFEST.MF'
/** A manifest is some lines; one that says it is larger is not read. */
const maximumBytes = 1024 * 1024

/** What a jar says of itself in its manifest: `Main-Class`, `Start-Class` and the like. Empty for what is no jar. */
export async function readManifest(file: string): Promise<ReadonlyMap<string, string>> {
  const text = await readEntry(file).catch(() => '')
  // A line goes on in the next where that begins with a space.
  const lines = text.replace(/\r?\n /g, '').split(/\r?\n/)
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^([\w-]+): *(.*)$/.exec(line) ?? []
      return name && value ? [[name, value] as const] : []
    }),
  )
}

async function readEntry(file: string): Promise<string> {
  await using handle = await open(file)
  for (const { name, at, head } of await readDirectory(handle)) {
    const packedBytes = head.readUInt32LE(20)
    if (name !== manifestName || packedBytes >= maximumBytes) continue
    const start = await readAt(handle, at, 30)
    const content = await readAt(handle, at + 30 + start.readUInt16LE(26) + start.readUInt16LE(28), packedBytes)
    const isPacked = head.readUInt16LE(10) !== 0
    return (isPacked ? inflateRawSync(content, { maxOutputLength: maximumBytes }) : content).toString()
  }
  return ''
}

/** The first of February 1980 at midnight, as MS-DOS has it: no zone makes it a time that a zip can't say. */
const time = Buffer.from([0, 0, 0x41, 0])
/** The same since 1970, for the extra field that holds the time as Unix has it. */
const unixTime = 318_211_200
const unixTimeId = 0x5455

/** Gives all files of a jar one time, in its place, as build tools do that can. Leaves what is no jar. */
export async function stampJar(file: string): Promise<void> {
  await using handle = await open(file, 'r+')
  for (const { at, head, headAt } of await readDirectory(handle).catch(() => [])) {
    const start = await readAt(handle, at, 30)
    const startExtra = at + 30 + start.readUInt16LE(26)
    await handle.write(time, 0, 4, at + 10)
    await handle.write(time, 0, 4, headAt + 12)
    await stampExtra(handle, startExtra, start.readUInt16LE(28))
    await stampExtra(handle, headAt + 46 + head.readUInt16LE(28), head.readUInt16LE(30))
  }
}

/** Blocks of an identifier, a length and what it holds; a time as Unix has it is a byte, then up to three times. */
async function stampExtra(handle: FileHandle, at: number, length: number): Promise<void> {
  const extra = await readAt(handle, at, length)
  for (let block = 0; block + 4 <= length; block += 4 + extra.readUInt16LE(block + 2)) {
    if (extra.readUInt16LE(block) !== unixTimeId) continue
    for (let from = block + 5; from + 4 <= block + 4 + extra.readUInt16LE(block + 2); from += 4)
      extra.writeUInt32LE(unixTime, from)
  }
  await handle.write(extra, 0, length, at)
}

interface JarEntry {
  readonly name: string
  /** Where the file itself begins, with a head of its own. */
  readonly at: number
  readonly head: Buffer
  /** Where its head in the directory is. */
  readonly headAt: number
}

/** The format is zip's: the directory at the end names where each file begins. PKWARE's APPNOTE, 4.3.12. */
async function readDirectory(handle: FileHandle): Promise<JarEntry[]> {
  const { size } = await handle.stat()
  const tail = await readAt(handle, Math.max(0, size - 66_000), Math.min(size, 66_000))
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const directoryAt = tail.readUInt32LE(end + 16)
  const directory = await readAt(handle, directoryAt, tail.readUInt32LE(end + 12))
  const entries: JarEntry[] = []
  for (let from = 0; from + 46 <= directory.length; ) {
    const head = directory.subarray(from)
    const nameBytes = head.readUInt16LE(28)
    const name = head.toString('latin1', 46, 46 + nameBytes)
    entries.push({ name, at: head.readUInt32LE(42), head, headAt: directoryAt + from })
    from += 46 + nameBytes + head.readUInt16LE(30) + head.readUInt16LE(32)
  }
  return entries
}

async function readAt(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  return (await handle.read(Buffer.alloc(length), 0, length, at)).buffer
}
